//! The bytes of a link: checksum and base64, numbers, deflate with a dictionary.

use super::LinkError;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::{DecodeError, Engine as _};
use miniz_oxide::deflate::core::{CompressorOxide, TDEFLFlush, compress_to_output, create_comp_flags_from_zip_params};
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};
use xxhash_rust::xxh3::xxh3_64;

/// The words that scenarios are made of, the commonest last. It belongs to the format: it must never change.
const DICTIONARY: &[u8] = include_bytes!("dictionary-1.txt");

/// How hard deflate tries: miniz's "uber" level. A scenario is small.
const LEVEL: i32 = 10;

/// Deflate without zlib's header.
const RAW: i32 = -15;

const CHECKSUM_LENGTH: usize = 4;

fn checksum(body: &[u8]) -> [u8; CHECKSUM_LENGTH] {
    ((xxh3_64(body) >> 32) as u32).to_be_bytes()
}

/// Bytes after their checksum, in letters that a URL may carry.
pub(super) fn armour(body: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode([&checksum(body)[..], body].concat())
}

/// The bytes again, if nothing was lost or changed on the way.
pub(super) fn disarm(text: &str) -> Result<Vec<u8>, LinkError> {
    let wrong = |error: DecodeError| match error {
        DecodeError::InvalidByte(at, byte) if byte.is_ascii_graphic() => {
            format!("{:?} in place {at} is in no link", char::from(byte))
        }
        DecodeError::InvalidByte(at, _) => format!("the sign in place {at} is in no link"),
        _ => "its last letters do not fit".to_owned(),
    };
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|error| {
        LinkError::at("base64", format!("{}: part of the link is missing or changed", wrong(error)))
    })?;
    let (sum, body) =
        bytes.split_at_checked(CHECKSUM_LENGTH).ok_or_else(|| LinkError::at("checksum", "the link is cut short"))?;
    if sum != checksum(body) {
        return Err(LinkError::at("checksum", "it does not fit: part of the link is missing or changed"));
    }
    Ok(body.to_vec())
}

/// Writes a number, 7 bits in a byte, lowest first; the high bit says that more follow.
pub(super) fn put_number(into: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        into.push(number as u8 | 0x80);
        number >>= 7;
    }
    into.push(number as u8);
}

/// Reads from the front of some bytes.
pub(super) struct Reader<'a> {
    pub rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub fn bytes(&mut self, place: &str, length: usize) -> Result<&'a [u8], LinkError> {
        let (taken, rest) =
            self.rest.split_at_checked(length).ok_or_else(|| LinkError::at(place, "the link ends before it"))?;
        self.rest = rest;
        Ok(taken)
    }

    pub fn array<const N: usize>(&mut self, place: &str) -> Result<[u8; N], LinkError> {
        let mut array = [0; N];
        array.copy_from_slice(self.bytes(place, N)?);
        Ok(array)
    }

    pub fn number(&mut self, place: &str) -> Result<u32, LinkError> {
        let mut number = 0u64;
        for shift in [0, 7, 14, 21, 28] {
            let [byte] = self.array(place)?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return u32::try_from(number).map_err(|_| LinkError::at(place, "the number is too large"));
            }
        }
        Err(LinkError::at(place, "the number is too large"))
    }
}

/// Appends a text, deflated as if the dictionary stood before it: that is deflated first, up to a byte's end, and
/// thrown away.
pub(super) fn deflate(text: &[u8], into: &mut Vec<u8>) {
    let mut compressor = CompressorOxide::new(create_comp_flags_from_zip_params(LEVEL, RAW, 0));
    compress_to_output(&mut compressor, DICTIONARY, TDEFLFlush::Sync, |_| true);
    compress_to_output(&mut compressor, text, TDEFLFlush::Finish, |bytes| {
        into.extend_from_slice(bytes);
        true
    });
}

/// Inflates a text of a known length. There is no space for a byte more, whatever the stream says.
pub(super) fn inflate(packed: &[u8], length: usize) -> Result<Vec<u8>, LinkError> {
    let mut buffer = DICTIONARY.to_vec();
    buffer.resize(DICTIONARY.len() + length, 0);
    let (status, read, written) = decompress(
        &mut DecompressorOxide::new(),
        packed,
        &mut buffer,
        DICTIONARY.len(),
        TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF,
    );
    let problem = match status {
        TINFLStatus::Done if written < length => "it is shorter than the link says",
        TINFLStatus::Done if read < packed.len() => "something follows it",
        TINFLStatus::Done => return Ok(buffer.split_off(DICTIONARY.len())),
        TINFLStatus::HasMoreOutput => "it is longer than the link says",
        _ => "it cannot be unpacked",
    };
    Err(LinkError::at("scenario", problem))
}
