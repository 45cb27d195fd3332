//! Laws of negotiation, against sets of numbers.

use std::collections::{BTreeMap, BTreeSet};

use fayger_fcp::{ContextValue, NegotiateOk, NegotiateParams};
use proptest::collection::btree_set;
use proptest::prelude::*;
use serde::Deserialize;

use super::{Asked, Broken, holds};

/// The names of the sixteen, by number.
const NAMES: [&str; 16] = [
    "io.stdio",
    "fs.read",
    "fs.write",
    "net.connect",
    "net.listen",
    "ui.render",
    "ui.input",
    "time.clock",
    "time.timer",
    "random",
    "crypto",
    "proc.info",
    "proc.spawn",
    "proc.signal",
    "host.call",
    "host.info",
];

type Set = BTreeSet<u16>;

/// Required, optional, granted, supported.
#[derive(Clone, Debug)]
pub(super) struct Sets {
    required: Set,
    optional: Set,
    granted: Set,
    supported: Set,
}

/// The names of the members, by number.
pub(super) fn names(set: Set) -> Vec<String> {
    set.into_iter()
        .map(|number| NAMES.get(usize::from(number)).map_or_else(|| format!("#{number}"), |name| (*name).to_owned()))
        .collect()
}

/// Sets that have something in common.
fn set() -> impl Strategy<Value = Set> {
    btree_set(prop_oneof![4 => 0..16_u16, 1 => 16..20_u16, 1 => 268..272_u16], 0..14)
}

/// Sets to negotiate over, where more is granted and supported than is asked for, so that it often succeeds.
pub(super) fn offer() -> impl Strategy<Value = Sets> {
    (btree_set(0..18_u16, 0..3), set(), set(), set(), any::<[bool; 2]>()).prop_map(
        |(required, optional, granted, supported, covers)| {
            let with = |set: Set, covers: bool| if covers { &set | &required } else { set };
            let [granted, supported] = [with(granted, covers[0]), with(supported, covers[1])];
            Sets { required, optional, granted, supported }
        },
    )
}

/// Any four sets.
pub(super) fn four_sets() -> impl Strategy<Value = [Set; 4]> {
    (set(), set(), set(), set()).prop_map(<[Set; 4]>::from)
}

fn params(sets: &Sets) -> NegotiateParams {
    NegotiateParams {
        required: names(sets.required.clone()),
        optional: names(sets.optional.clone()),
        granted: names(sets.granted.clone()),
        supported: names(sets.supported.clone()),
    }
}

/// Negotiation gives what the sets say, or says what is missing and why.
pub(super) fn as_the_sets_say(asked: &Asked<'_, '_, '_, '_>, sets: &Sets) -> Result<(), Broken> {
    let Sets { required, optional, granted, supported } = sets;
    let answer = asked.ask("capability.negotiate", &params(sets))?;
    let missing = [("not_granted", required - granted), ("not_supported", required - supported)];
    let missing: BTreeMap<String, ContextValue> = missing
        .into_iter()
        .filter(|(_, set)| !set.is_empty())
        .map(|(key, set)| (key.to_owned(), ContextValue::List(names(set))))
        .collect();
    match answer {
        Ok(answer) => {
            let expected = names(&(&(required | optional) & granted) & supported);
            let got = NegotiateOk::deserialize(&answer).map(|ok| ok.effective).unwrap_or_default();
            holds(missing.is_empty(), || "it is granted though something is missing".to_owned())?;
            holds(got == expected, || format!("the effective set is {got:?}, not {expected:?}"))
        }
        Err(error) => {
            let is_said = error.code == "ADP_CAPABILITY_UNAVAILABLE"
                && ["not_granted", "not_supported"].iter().all(|key| error.context.get(*key) == missing.get(*key));
            holds(is_said && !missing.is_empty(), || {
                format!("it fails as `{}` with {:?}, not {missing:?}", error.code, error.context)
            })
        }
    }
}

/// The laws of the lattice, with nothing required, so that negotiation is the meet of three sets.
pub(super) fn laws(asked: &Asked<'_, '_, '_, '_>, sets: &[Set; 4]) -> Result<(), Broken> {
    let meet = |optional: &Set, granted: &Set, supported: &Set| -> Result<Vec<String>, Broken> {
        let [optional, granted, supported] = [optional, granted, supported].map(Clone::clone);
        let answer = asked
            .ask_ok("capability.negotiate", &params(&Sets { required: Set::new(), optional, granted, supported }))?;
        Ok(NegotiateOk::deserialize(&answer).map(|ok| ok.effective).unwrap_or_default())
    };
    let [a, b, c, more] = sets;
    let all = meet(a, b, c)?;
    holds(meet(a, a, a)? == names(a.clone()), || "it is not idempotent".to_owned())?;
    holds(meet(a, c, b)? == all && meet(b, a, c)? == all, || "it is not commutative".to_owned())?;
    holds(meet(a, &(b & c), &(b & c))? == all, || "it is not associative".to_owned())?;
    holds(meet(a, &(a | b), a)? == names(a.clone()), || "it does not absorb".to_owned())?;
    let parts: BTreeSet<String> = meet(a, b, b)?.into_iter().chain(meet(a, c, c)?).collect();
    let whole: BTreeSet<String> = meet(a, &(b | c), &(b | c))?.into_iter().collect();
    holds(parts == whole, || "it does not distribute".to_owned())?;
    let larger = meet(a, &(b | more), c)?;
    holds(all.iter().all(|name| larger.contains(name)), || "a larger grant takes something away".to_owned())
}
