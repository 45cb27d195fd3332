//! What a testee has told the host to release: each instance once, when it has ended, before the answer to the request that it ended in.
//!
//! Nothing is kept that was not loaded, so that a testee cannot fill the runner's memory.

use std::collections::BTreeSet;

use serde_json::Value;

/// The instances since the last reset.
#[derive(Debug, Default)]
pub(crate) struct Releases {
    loaded: BTreeSet<String>,
    released: BTreeSet<String>,
    /// Those whose end was in an answer.
    ended: BTreeSet<String>,
    /// Those whose end was in the answer to a request within another one, which is still open.
    ending: Vec<String>,
    /// In the order in which they came, since that was asked for.
    fresh: Vec<String>,
    /// Of those, the ones of which nobody has asked whether they live.
    unjudged: Vec<String>,
}

impl Releases {
    /// Forgets everything: a reset leaves no instance.
    pub(crate) fn forget(&mut self) {
        *self = Self::default();
    }

    /// Notes a release.
    ///
    /// # Errors
    ///
    /// Why it may not come.
    pub(crate) fn note(&mut self, instance: String) -> Result<(), &'static str> {
        if !self.loaded.contains(&instance) {
            return Err("a release of an instance that there is not");
        }
        if self.ended.contains(&instance) {
            return Err("a release after the answer to the request that the instance ended in");
        }
        if !self.released.insert(instance.clone()) {
            return Err("a second release of one instance");
        }
        self.unjudged.push(instance.clone());
        self.fresh.push(instance);
        Ok(())
    }

    /// The releases since the last time, in their order.
    pub(crate) fn take(&mut self) -> Vec<String> {
        std::mem::take(&mut self.fresh)
    }

    /// The instances that were released since the last time and have to be at their end now.
    pub(crate) fn take_unjudged(&mut self) -> Vec<String> {
        std::mem::take(&mut self.unjudged)
    }

    /// Takes what an answer says of instances: that one was made, or that this one, of the request, has ended. What ends within another request
    /// may be released until that is answered.
    pub(crate) fn read_answer(&mut self, method: &str, instance: Option<&str>, result: &Value, is_outermost: bool) {
        let text = |pointer: &str| result.pointer(pointer).and_then(Value::as_str);
        let has_ended = match method {
            "runtime.load" => {
                self.loaded.extend(text("/ok/instance").map(str::to_owned));
                false
            }
            "runtime.terminate" => result.get("ok").is_some(),
            "runtime.init" => text("/err/code") == Some("RT_INSTANCE_FAILED"),
            "runtime.run" => matches!(text("/ok/stopped"), Some("ended" | "failed")),
            _ => false,
        };
        if has_ended {
            self.ending.extend(instance.map(str::to_owned));
        }
        if is_outermost {
            self.ended.extend(self.ending.drain(..));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn with(names: &[&str]) -> Releases {
        let mut releases = Releases::default();
        for name in names {
            releases.read_answer("runtime.load", None, &json!({ "ok": { "instance": name } }), true);
        }
        releases
    }

    #[test]
    fn each_instance_is_released_once_and_in_its_order() {
        let mut releases = with(&["a", "b"]);
        assert_eq!(releases.note("b".into()), Ok(()));
        assert_eq!(releases.note("a".into()), Ok(()));
        assert_eq!(releases.note("b".into()), Err("a second release of one instance"));
        assert_eq!(releases.note("c".into()), Err("a release of an instance that there is not"));
        assert_eq!(releases.take(), ["b", "a"]);
        assert_eq!(releases.take_unjudged(), ["b", "a"]);
        assert!(releases.take().is_empty());
        releases.forget();
        assert_eq!(releases.note("a".into()), Err("a release of an instance that there is not"));
    }

    #[test]
    fn no_release_comes_after_the_answer_that_tells_the_end() {
        for (method, result) in [
            ("runtime.terminate", json!({ "ok": {} })),
            ("runtime.run", json!({ "ok": { "stopped": "failed" } })),
            ("runtime.init", json!({ "err": { "code": "RT_INSTANCE_FAILED" } })),
        ] {
            let mut releases = with(&["a"]);
            releases.read_answer(method, Some("a"), &result, true);
            assert!(releases.note("a".into()).is_err(), "{method}");
        }
        let mut releases = with(&["a"]);
        releases.read_answer("runtime.run", Some("a"), &json!({ "ok": { "stopped": "idle" } }), true);
        assert_eq!(releases.note("a".into()), Ok(()));
        let mut releases = with(&["a"]);
        releases.read_answer("runtime.terminate", Some("a"), &json!({ "ok": {} }), false);
        assert_eq!(releases.note("a".into()), Ok(()), "the request around it is still open");
    }
}
