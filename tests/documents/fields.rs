//! `src/web/fields.txt`: the fields of a scenario, shape by shape, for the page's modules, which have no JSON Schema.

use std::collections::BTreeMap;

use expect_test::expect_file;
use serde_json::Value;

use super::chapters::root;
use super::schemas::schema;

/// Each shape's fields; a field's own shape stands after a colon.
#[derive(Default)]
struct Shapes(BTreeMap<String, Vec<String>>);

impl Shapes {
    /// The shape of a value, with brackets where it is a list, braces where it is a map; `name` is that of a shape which has none of its own.
    fn shape_of(&mut self, schema: &Value, name: &str) -> Option<String> {
        if let Some(reference) = schema["$ref"].as_str() {
            return reference.rsplit('/').next().map(str::to_owned);
        }
        if let Some(choices) = ["anyOf", "oneOf"].iter().find_map(|key| schema[key].as_array()) {
            let shapes: Vec<String> = choices.iter().filter_map(|choice| self.shape_of(choice, name)).collect();
            return shapes.into_iter().next();
        }
        if schema["items"].is_object() {
            return self.shape_of(&schema["items"], name).map(|shape| format!("{shape}[]"));
        }
        if schema["additionalProperties"].is_object() {
            return self.shape_of(&schema["additionalProperties"], name).map(|shape| format!("{shape}{{}}"));
        }
        let properties = schema["properties"].as_object()?;
        self.add(name, properties.iter());
        Some(name.to_owned())
    }

    /// Where a shape has several forms, it has the fields of them all: serde says which belong together.
    fn add<'a>(&mut self, name: &str, properties: impl Iterator<Item = (&'a String, &'a Value)>) {
        for (field, schema) in properties {
            let held = self.shape_of(schema, &format!("{name}.{field}"));
            let text = held.map_or_else(|| field.clone(), |held| format!("{field}:{held}"));
            let fields = self.0.entry(name.to_owned()).or_default();
            if !fields.contains(&text) {
                fields.push(text);
            }
        }
    }
}

#[test]
fn the_page_knows_every_field_of_a_scenario() {
    let scenario = schema("scenario");
    let mut shapes = Shapes::default();
    shapes.shape_of(&scenario, "Scenario");
    for (name, schema) in scenario["$defs"].as_object().unwrap() {
        shapes.shape_of(schema, name);
    }
    // A shape that says nothing of fields, as a list of words, is none.
    let known = |field: &str| match field.split_once(':') {
        Some((name, held)) if !shapes.0.contains_key(held.trim_end_matches(['[', ']', '{', '}'])) => name.to_owned(),
        _ => field.to_owned(),
    };
    let line = |(name, fields): (&String, &Vec<String>)| {
        format!("{name} {}\n", fields.iter().map(|field| known(field)).collect::<Vec<_>>().join(" "))
    };
    let text: String = shapes.0.iter().map(line).collect();
    expect_file![root().join("src/web/fields.txt")].assert_eq(&text);
}
