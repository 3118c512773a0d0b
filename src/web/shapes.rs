//! Fields that nobody knows, anywhere in a scenario, an action or a caption.
//!
//! Their shapes lie in `fields.txt`, which a native test makes from the scenario's JSON Schema
//! (`tests/documents/fields.rs`): the modules of the page have no schemas.

use super::error::PlaygroundError;
use super::fields::{Unknown, as_object, joined, unknown_field};
use js_sys::{Array, Object};
use wasm_bindgen::JsValue;

/// A shape in each line: its name, and its fields. Where a field's value has a shape itself, that stands after a colon;
/// brackets where a list's values have it, braces where those of a map by name have.
const SHAPES: &str = include_str!("fields.txt");

/// The field, as the table writes it, and the shape of what it holds.
fn parts(field: &str) -> (&str, Option<&str>) {
    match field.split_once(':') {
        Some((name, shape)) => (name, Some(shape)),
        None => (field, None),
    }
}

fn fields_of(shape: &str) -> impl Iterator<Item = &'static str> + use<> {
    let line = SHAPES.lines().find_map(|line| line.strip_prefix(shape)?.strip_prefix(' '));
    line.unwrap_or_default().split(' ')
}

fn in_list(list: &JsValue, shape: &str, path: &str) -> Result<(), Unknown> {
    for (ordinal, value) in Array::from(list).iter().enumerate() {
        in_value(&value, shape, &format!("{path}[{ordinal}]"))?;
    }
    Ok(())
}

/// Whatever is no object holds no fields; what it should have been, serde says. Shapes hold each other to a depth that is
/// the table's, not the value's.
fn in_value(value: &JsValue, shape: &str, path: &str) -> Result<(), Unknown> {
    if let Some(shape) = shape.strip_suffix("[]") {
        return if Array::is_array(value) { in_list(value, shape, path) } else { Ok(()) };
    }
    let Some(object) = as_object(value) else { return Ok(()) };
    for entry in Object::entries(&object).iter() {
        let entry = Array::from(&entry);
        let name = entry.get(0).as_string().unwrap_or_default();
        if let Some(shape) = shape.strip_suffix("{}") {
            in_value(&entry.get(1), shape, &joined(path, &name))?;
            continue;
        }
        let Some((_, held)) = fields_of(shape).map(parts).find(|&(known, _)| known == name) else {
            return Err(unknown_field(path, &name, fields_of(shape).map(|field| parts(field).0)));
        };
        if let Some(held) = held {
            in_value(&entry.get(1), held, &joined(path, &name))?;
        }
    }
    Ok(())
}

/// Refuses a value of this shape of the table, or a list of it (`Caption[]`), that has a field which the shape has not.
///
/// # Errors
///
/// Which field it is, and what is known there.
pub fn refuse_unknown(value: &JsValue, shape: &str, code: &'static str) -> Result<(), PlaygroundError> {
    in_value(value, shape, "").map_err(|(place, message)| PlaygroundError::new(code, place, message))
}
