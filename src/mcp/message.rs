//! A JSON value → a message of JSON-RPC 2.0, and the answers to those that are none.
//!
//! Must not know: methods.

use serde_json::{Value, json};

/// A message of the client.
pub(super) enum Incoming {
    Request {
        id: Value,
        method: String,
        params: Value,
    },
    /// It asks for no answer; or it answers something, which this server never asks.
    Notification,
    /// No message; with the number of the request that it was meant to be, if it has one.
    Invalid {
        id: Value,
    },
}

impl Incoming {
    pub fn read(mut message: Value) -> Self {
        let id = message.get("id").filter(|id| id.is_string() || id.is_number()).cloned();
        let is_ours = message.get("jsonrpc").and_then(Value::as_str) == Some("2.0");
        let method = message.get("method").and_then(Value::as_str).map(str::to_owned);
        match (id, method) {
            (id, Some(_)) if !is_ours => Self::Invalid { id: id.unwrap_or_default() },
            (Some(id), Some(method)) => {
                let params = message.get_mut("params").map(Value::take).unwrap_or_default();
                Self::Request { id, method, params }
            }
            (None, Some(_)) => Self::Notification,
            (Some(_), None) if message.get("result").or(message.get("error")).is_some() => {
                Self::Notification
            }
            (id, None) => Self::Invalid { id: id.unwrap_or_default() },
        }
    }
}

/// The reason why a message has no result.
pub(super) enum RpcFault {
    Parse,
    Invalid,
    Method(String),
    Params(String),
}

impl RpcFault {
    /// The answer to the message with this number.
    pub fn answer(&self, id: &Value) -> Value {
        let (code, message) = match self {
            Self::Parse => (-32700, "no JSON, or longer than a message may be".to_owned()),
            Self::Invalid => (-32600, "no message of JSON-RPC 2.0".to_owned()),
            Self::Method(method) => (-32601, format!("there is no method `{method}`")),
            Self::Params(problem) => (-32602, problem.clone()),
        };
        json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } })
    }
}
