//! An artifact around a module that a law of the runner makes, in the form that the runtime's cases have.

use fayger_fcp::{LoadParams, Strategy};
use serde_json::{Map, Value as Json, json};

use crate::scenario;

/// A module, and what the Manifest says of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fay {
    /// The fields of the module, as text; the five imports, by the names `$emit`, `$reply_read`, `$event_read`, `$section_len` and `$section_read`,
    /// and a memory of one page stand before them.
    pub fields: String,
    /// Whether the entry names the export `init`.
    pub has_init: bool,
    /// Whether the entry names the export `on_event`.
    pub has_on_event: bool,
    /// The id of a further section of six bytes whose body is damaged; the artifact is then loaded lazily.
    pub damaged: Option<u32>,
}

impl Fay {
    /// How it is loaded.
    ///
    /// # Errors
    ///
    /// What is wrong with the module's text.
    pub fn load(&self) -> Result<LoadParams, String> {
        let mut raw = Map::from_iter([
            ("fields".to_owned(), json!(self.fields)),
            ("init".to_owned(), json!(self.has_init)),
            ("on_event".to_owned(), json!(self.has_on_event)),
            ("step".to_owned(), json!([])),
        ]);
        if let Some(id) = self.damaged {
            raw.insert("data".to_owned(), json!([{ "id": id, "visibility": 1, "text": "abcdef" }]));
            raw.insert("damage".to_owned(), json!([{ "flip": format!("body:{id}"), "at": 0 }]));
        }
        let mut load = scenario::load_of(Json::Object(raw))?;
        load.strategy = if self.damaged.is_some() { Strategy::Lazy } else { Strategy::Eager };
        Ok(load)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_is_wrapped_and_a_wrong_one_is_named() {
        let start = r#"(func (export "start") (result i32) i32.const 0)"#.to_owned();
        let fay = Fay { fields: start, ..Fay::default() };
        let damaged = Fay { damaged: Some(2), ..fay.clone() };
        assert_eq!(fay.load().unwrap().strategy, Strategy::Eager);
        assert_eq!(damaged.load().unwrap().strategy, Strategy::Lazy);
        assert!(Fay { fields: "(func".to_owned(), ..Fay::default() }.load().is_err());
    }
}
