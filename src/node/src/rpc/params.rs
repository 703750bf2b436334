//! The arguments of a call: in their order, or by their names.

use super::error::{Code, RpcError};
use serde_json::{Map, Value};

/// What came with a call.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Params {
    Ordered(Vec<Value>),
    Named(Map<String, Value>),
}

impl Params {
    /// The arguments of these names, in this order; an argument that is null is none.
    pub(super) fn read<const N: usize>(
        mut self,
        names: [&str; N],
    ) -> Result<[Option<Value>; N], RpcError> {
        match &self {
            Self::Ordered(values) if values.len() > N => {
                let found = values.len();
                let expected = match N {
                    0 => "no argument".to_owned(),
                    _ => format!("at most {N} ({})", names.join(", ")),
                };
                let said = format!("expected {expected}, found {found}");
                return Err(RpcError::new(Code::Parameter, said));
            }
            Self::Named(values) => {
                if let Some(odd) = values.keys().find(|key| !names.contains(&key.as_str())) {
                    let said = format!("expected {}, found an argument {odd:?}", names.join(", "));
                    return Err(RpcError::new(Code::Parameter, said));
                }
            }
            Self::Ordered(_) => {}
        }
        let mut place = 0;
        Ok(names.map(|name| {
            let value = match &mut self {
                Self::Ordered(values) => values.get_mut(place).map(Value::take),
                Self::Named(values) => values.remove(name),
            };
            place += 1;
            value.filter(|value| !value.is_null())
        }))
    }
}

/// An argument that must be there and be text.
pub(super) fn text(name: &str, value: Option<Value>) -> Result<String, RpcError> {
    match value {
        Some(Value::String(text)) => Ok(text),
        Some(other) => Err(wrong_type(name, "text", &other)),
        None => {
            let said = format!("expected {name}, found no such argument");
            Err(RpcError::new(Code::Parameter, said))
        }
    }
}

/// An argument of another type.
pub(super) fn wrong_type(name: &str, expected: &str, found: &Value) -> RpcError {
    let found = match found {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    };
    let said = format!("expected {name} to be {expected}, found {found}");
    RpcError::new(Code::Type, said)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn ordered(values: Value) -> Params {
        Params::Ordered(values.as_array().unwrap().clone())
    }

    fn named(values: Value) -> Params {
        Params::Named(values.as_object().unwrap().clone())
    }

    #[test]
    fn reads_arguments_by_place_and_by_name() {
        let names = ["hexdata", "dummy"];
        let expected = [Some(json!("00")), None];
        for params in [
            ordered(json!(["00"])),
            ordered(json!(["00", null])),
            named(json!({ "hexdata": "00" })),
            named(json!({ "dummy": null, "hexdata": "00" })),
        ] {
            assert_eq!(params.read(names).unwrap(), expected);
        }
    }

    #[test]
    fn says_which_argument_is_wrong() {
        let code =
            |result: Result<_, RpcError>| result.map(|_: [Option<Value>; 1]| ()).unwrap_err();
        let many = code(ordered(json!(["00", 1])).read(["hexdata"]));
        assert_eq!(many.message, "expected at most 1 (hexdata), found 2");
        let odd = code(named(json!({ "hex": "00" })).read(["hexdata"]));
        assert_eq!(odd.message, "expected hexdata, found an argument \"hex\"");
        assert_eq!(text("hexdata", None).unwrap_err().code, Code::Parameter);
        let number = text("hexdata", Some(json!(7))).unwrap_err();
        assert_eq!(number.code, Code::Type);
        assert_eq!(
            number.message,
            "expected hexdata to be text, found a number"
        );
    }
}
