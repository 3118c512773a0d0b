//! A conversation with a node, and what a test says about it.

use consensus_playground::course::{Line, Node, Settings};
use serde_json::{Value, json};

/// A node that was named, alone or with others.
pub struct Session {
    pub node: Node,
}

impl Session {
    /// A node n1 of a cluster of so many.
    pub fn of(nodes: usize) -> Self {
        Self::with(nodes, Settings::default())
    }

    pub fn with(nodes: usize, settings: Settings) -> Self {
        let mut session = Self { node: Node::new(settings) };
        let names: Vec<String> = (1..=nodes).map(|place| format!("n{place}")).collect();
        let init = session.ask(&json!({ "type": "init", "msg_id": 1, "node_id": "n1", "node_ids": names }).to_string());
        assert_eq!((&init["type"], &init["msg_id"]), (&json!("init_ok"), &json!(0)));
        session
    }

    /// All messages that a body leads to.
    pub fn say_from(&mut self, src: &str, body: &str) -> Vec<Value> {
        let body: Value = serde_json::from_str(body).unwrap();
        let line = json!({ "src": src, "dest": "n1", "body": body }).to_string();
        messages(self.node.handle_line(&line))
    }

    /// The body of the one reply.
    pub fn ask(&mut self, body: &str) -> Value {
        let mut lines = self.say_from("c0", body);
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert_eq!((&lines[0]["src"], &lines[0]["dest"]), (&json!("n1"), &json!("c0")));
        lines.remove(0)["body"].take()
    }

    /// Asks, and compares the fields that the example has. A reply may have more.
    pub fn expect(&mut self, body: &str, example: &str) -> Value {
        let reply = self.ask(body);
        let example: Value = serde_json::from_str(example).unwrap();
        for (field, value) in example.as_object().unwrap() {
            assert_eq!(&reply[field], value, "{field} of {reply}, asked {body}");
        }
        reply
    }

    /// Asks, and gives the error's code and text.
    pub fn refuse(&mut self, body: &str) -> (u64, String) {
        let reply = self.ask(body);
        assert_eq!(reply["type"], "error", "{reply}");
        (reply["code"].as_u64().unwrap(), reply["text"].as_str().unwrap().to_owned())
    }
}

/// The messages among lines.
pub fn messages(lines: Vec<Line>) -> Vec<Value> {
    let message = |line| if let Line::Out(text) = line { Some(serde_json::from_str(&text).unwrap()) } else { None };
    lines.into_iter().filter_map(message).collect()
}
