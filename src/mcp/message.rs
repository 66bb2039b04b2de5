//! A JSON value → a message of JSON-RPC 2.0, and the answers to those that are none.
//!
//! Must not know: methods.

use std::fmt;

use serde_json::{Value, json};

use super::slice;

/// The number or name of a request as the client wrote it, in JSON.
pub(super) struct RequestId(String);

/// That of a message that has none.
impl Default for RequestId {
    fn default() -> Self {
        Self("null".to_owned())
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A message of the client.
pub(super) enum Incoming {
    Request {
        id: RequestId,
        method: String,
        params: Value,
    },
    /// It asks for no answer; or it answers something, which this server never asks.
    Notification,
    /// No message; with the number of the request that it was meant to be, if it has one.
    Invalid {
        id: RequestId,
    },
}

impl Incoming {
    /// Reads a message, which has this text.
    pub fn read(mut message: Value, text: &[u8]) -> Self {
        let is_ours = message.get("jsonrpc").and_then(Value::as_str) == Some("2.0");
        let method = message.get("method").and_then(Value::as_str).map(str::to_owned);
        if method.is_none() && message.get("result").or(message.get("error")).is_some() {
            return Self::Notification;
        }
        let Some(given) = message.get("id") else {
            let is_notification = is_ours && method.is_some();
            return if is_notification {
                Self::Notification
            } else {
                Self::Invalid { id: RequestId::default() }
            };
        };
        let written = slice::member(text, "id").and_then(|id| str::from_utf8(id).ok());
        let Some(id) = written.filter(|_| given.is_string() || given.is_number()) else {
            return Self::Invalid { id: RequestId::default() };
        };
        let id = RequestId(id.to_owned());
        match method.filter(|_| is_ours) {
            Some(method) => {
                let params = message.get_mut("params").map(Value::take).unwrap_or_default();
                Self::Request { id, method, params }
            }
            None => Self::Invalid { id },
        }
    }
}

/// The answer to the request with this number, which has a result.
pub(super) fn answer(id: &RequestId, result: &Value) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":{id},"result":{result}}}"#)
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
    pub fn answer(&self, id: &RequestId) -> String {
        let (code, message) = match self {
            Self::Parse => (-32700, "no JSON, or longer than a message may be".to_owned()),
            Self::Invalid => (-32600, "no message of JSON-RPC 2.0".to_owned()),
            Self::Method(method) => (-32601, format!("there is no method `{method}`")),
            Self::Params(problem) => (-32602, problem.clone()),
        };
        let error = json!({ "code": code, "message": message });
        format!(r#"{{"jsonrpc":"2.0","id":{id},"error":{error}}}"#)
    }
}
