//! Fields that nobody knows, in what JavaScript hands over: those of a struct, whose names it is asked for.
//!
//! An object of JavaScript is asked for the fields that are known, so one that is misspelt would be passed over without a
//! word. Reading JSON's text or values instead, which asks for every field that is there, makes each module of the page
//! larger by a tenth. So the names alone are compared. What a scenario holds further down, [`super::shapes`] looks at.

use super::error::PlaygroundError;
use js_sys::{Array, Object};
use serde::de::{Deserializer, Error as _, Visitor, value::Error};
use serde::{Deserialize, forward_to_deserialize_any};
use wasm_bindgen::JsValue;

/// What is wrong, and where, relative to the value.
pub type Unknown = (String, String);

pub fn unknown_field<'a>(path: &str, name: &str, known: impl Iterator<Item = &'a str>) -> Unknown {
    let known: Vec<String> = known.map(|name| format!("`{name}`")).collect();
    let expected = if known.len() == 1 { "expected" } else { "expected one of" };
    (joined(path, name), format!("unknown field `{name}`, {expected} {}", known.join(", ")))
}

pub fn joined(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// An object that is no list.
pub fn as_object(value: &JsValue) -> Option<Object> {
    (value.is_object() && !Array::is_array(value)).then(|| Object::from(value.clone()))
}

/// Asks a struct for the names of its fields, and gives it nothing.
struct Names<'n>(&'n mut Option<&'static [&'static str]>);

impl<'de> Deserializer<'de> for Names<'_> {
    type Error = Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Error> {
        *self.0 = Some(fields);
        Err(Error::custom("only its names were asked for"))
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("it is no struct"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// Refuses a value that has a field which the struct has not. Only the struct's own fields are looked at, and whatever is
/// no struct has none.
///
/// # Errors
///
/// Which field it is, and what is known there.
pub fn refuse_unknown_to<'de, T: Deserialize<'de>>(value: &JsValue, code: &'static str) -> Result<(), PlaygroundError> {
    let mut names = None;
    // It is never made: the deserializer has nothing to make it of.
    let _ = T::deserialize(Names(&mut names));
    let (Some(names), Some(object)) = (names, as_object(value)) else { return Ok(()) };
    for name in Object::keys(&object).iter().filter_map(|name| name.as_string()) {
        if !names.contains(&name.as_str()) {
            let (place, message) = unknown_field("", &name, names.iter().copied());
            return Err(PlaygroundError::new(code, place, message));
        }
    }
    Ok(())
}
