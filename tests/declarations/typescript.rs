//! Reads the declarations of `types.d.ts`: as much of TypeScript as stands there.

use std::collections::BTreeMap;

/// A type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Type {
    /// `number`, `string`, `boolean`, `null`, or the name of a declaration.
    Named(String),
    /// A text that is a type.
    Literal(String),
    List(Box<Type>),
    Tuple(Vec<Type>),
    Union(Vec<Type>),
    Both(Vec<Type>),
    Object(Vec<Property>),
    /// `Partial<T>`: each property may be missing.
    Partial(Box<Type>),
    /// `Record<string, T>`.
    Record(Box<Type>),
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Property {
    pub name: String,
    pub is_optional: bool,
    pub of: Type,
}

/// All that a file exports, by name.
pub fn declarations(text: &str) -> BTreeMap<String, Type> {
    let mut reader = Reader { rest: without_comments(text).leak() };
    let mut found = BTreeMap::new();
    while reader.takes("export") {
        let is_interface = reader.takes("interface") || !reader.takes("type");
        let name = reader.word();
        if is_interface && reader.takes("extends") {
            reader.word();
        }
        if !is_interface {
            assert!(reader.takes("="), "{name}: {}", reader.rest);
        }
        found.insert(name, reader.union());
        reader.takes(";");
    }
    assert_eq!(reader.rest.trim(), "", "something that is not understood");
    found
}

fn without_comments(text: &str) -> String {
    let parts = text.split("/*").enumerate();
    parts.map(|(index, part)| if index == 0 { part } else { part.split_once("*/").unwrap().1 }).collect()
}

struct Reader {
    rest: &'static str,
}

impl Reader {
    /// Takes a word or a sign, if it comes next.
    fn takes(&mut self, token: &str) -> bool {
        let rest = self.rest.trim_start().strip_prefix(token);
        let is_whole =
            |rest: &&str| !token.ends_with(char::is_alphanumeric) || !rest.starts_with(char::is_alphanumeric);
        let Some(rest) = rest.filter(is_whole) else { return false };
        self.rest = rest;
        true
    }

    fn word(&mut self) -> String {
        let rest = self.rest.trim_start();
        let end = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(rest.len());
        assert!(end > 0, "a word is expected: {}", &rest[..rest.len().min(80)]);
        self.rest = &rest[end..];
        rest[..end].to_owned()
    }

    fn union(&mut self) -> Type {
        self.takes("|");
        let mut types = vec![self.both()];
        while self.takes("|") {
            types.push(self.both());
        }
        if types.len() == 1 { types.remove(0) } else { Type::Union(types) }
    }

    fn both(&mut self) -> Type {
        let mut types = vec![self.list()];
        while self.takes("&") {
            types.push(self.list());
        }
        if types.len() == 1 { types.remove(0) } else { Type::Both(types) }
    }

    fn list(&mut self) -> Type {
        let mut of = self.single();
        while self.takes("[]") {
            of = Type::List(Box::new(of));
        }
        of
    }

    fn single(&mut self) -> Type {
        if self.takes("{") {
            return Type::Object(self.properties());
        }
        if self.takes("(") {
            let inner = self.union();
            assert!(self.takes(")"));
            return inner;
        }
        if self.takes("[") {
            let mut types = vec![self.union()];
            while self.takes(",") {
                types.push(self.union());
            }
            assert!(self.takes("]"));
            return Type::Tuple(types);
        }
        if self.takes("\"") {
            let (text, rest) = self.rest.split_once('"').unwrap();
            self.rest = rest;
            return Type::Literal(text.to_owned());
        }
        match self.word().as_str() {
            "Partial" => Type::Partial(Box::new(self.argument())),
            "Record" => Type::Record(Box::new(self.argument())),
            name => Type::Named(name.to_owned()),
        }
    }

    /// The last of the arguments in angle brackets.
    fn argument(&mut self) -> Type {
        assert!(self.takes("<"));
        let mut of = self.union();
        while self.takes(",") {
            of = self.union();
        }
        assert!(self.takes(">"));
        of
    }

    fn properties(&mut self) -> Vec<Property> {
        let mut properties = Vec::new();
        while !self.takes("}") {
            let name = self.word();
            let is_optional = self.takes("?");
            assert!(self.takes(":"), "{name}");
            properties.push(Property { name, is_optional, of: self.union() });
            let _ = self.takes(";") || self.takes(",");
        }
        properties
    }
}
