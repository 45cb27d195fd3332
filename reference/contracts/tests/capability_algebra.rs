//! The laws of the capability sets: a bounded distributive lattice with complements, and negotiation over it.

use fayger_contracts::negotiation::{Missing, Offer, effective, negotiate};
use fayger_contracts::{CapabilitySet, ErrorCode};
use proptest::collection::btree_set;
use proptest::prelude::*;

fn set() -> impl Strategy<Value = CapabilitySet> {
    let members = btree_set(0..=271_u16, 0..60)
        .prop_map(|numbers| numbers.into_iter().fold(CapabilitySet::EMPTY, CapabilitySet::with_number));
    prop_oneof![members, any::<u16>().prop_map(CapabilitySet::from_bits), Just(CapabilitySet::UNIVERSE)]
}

fn offer() -> impl Strategy<Value = Offer> {
    (set(), set(), set(), set()).prop_map(|(required, optional, granted, supported)| Offer {
        required,
        optional,
        granted,
        supported,
    })
}

const BOTTOM: CapabilitySet = CapabilitySet::EMPTY;
const TOP: CapabilitySet = CapabilitySet::UNIVERSE;

proptest! {
    #[test]
    fn join_and_meet_are_idempotent(a in set()) {
        prop_assert_eq!(a | a, a);
        prop_assert_eq!(a & a, a);
    }

    #[test]
    fn join_and_meet_are_commutative(a in set(), b in set()) {
        prop_assert_eq!(a | b, b | a);
        prop_assert_eq!(a & b, b & a);
    }

    #[test]
    fn join_and_meet_are_associative(a in set(), b in set(), c in set()) {
        prop_assert_eq!((a | b) | c, a | (b | c));
        prop_assert_eq!((a & b) & c, a & (b & c));
    }

    #[test]
    fn each_absorbs_the_other(a in set(), b in set()) {
        prop_assert_eq!(a | (a & b), a);
        prop_assert_eq!(a & (a | b), a);
    }

    #[test]
    fn each_distributes_over_the_other(a in set(), b in set(), c in set()) {
        prop_assert_eq!(a & (b | c), (a & b) | (a & c));
        prop_assert_eq!(a | (b & c), (a | b) & (a | c));
    }

    #[test]
    fn bottom_and_top_bound_the_lattice(a in set()) {
        prop_assert_eq!((a | BOTTOM, a & TOP), (a, a));
        prop_assert_eq!((a & BOTTOM, a | TOP), (BOTTOM, TOP));
        prop_assert!(BOTTOM.is_subset(&a) && a.is_subset(&TOP));
    }

    #[test]
    fn the_complement_is_the_rest(a in set(), b in set()) {
        prop_assert_eq!((a | !a, a & !a, !!a), (TOP, BOTTOM, a));
        prop_assert_eq!((!(a | b), !(a & b)), (!a & !b, !a | !b));
        prop_assert_eq!(a - b, a & !b);
    }

    #[test]
    fn the_order_is_that_of_the_members(a in set(), b in set()) {
        let members = a.numbers().all(|number| b.contains_number(number));
        prop_assert_eq!(a.is_subset(&b), members);
        prop_assert_eq!(a.is_subset(&b), a | b == b);
    }

    #[test]
    fn the_names_of_a_set_make_it_again(a in set()) {
        let names = a.names();
        prop_assert_eq!(CapabilitySet::from_names(names.iter().map(String::as_str)), Ok(a));
    }

    #[test]
    fn no_more_is_effective_than_was_declared_granted_and_supported(offer in offer()) {
        let effective = effective(&offer);
        prop_assert!(effective.is_subset(&(offer.required | offer.optional)));
        prop_assert!(effective.is_subset(&offer.granted) && effective.is_subset(&offer.supported));
        for number in 0..=271 {
            let declared = offer.required.contains_number(number) || offer.optional.contains_number(number);
            let had = offer.granted.contains_number(number) && offer.supported.contains_number(number);
            prop_assert_eq!(effective.contains_number(number), declared && had);
        }
    }

    #[test]
    fn a_larger_grant_never_takes_anything_away(offer in offer(), more in set()) {
        let larger = Offer { granted: offer.granted | more, ..offer };
        prop_assert!(effective(&offer).is_subset(&effective(&larger)));
        if negotiate(&offer).is_ok() {
            prop_assert_eq!(negotiate(&larger), Ok(effective(&larger)));
        }
    }

    #[test]
    fn negotiation_succeeds_where_all_that_is_required_is_granted_and_supported(offer in offer()) {
        match negotiate(&offer) {
            Ok(effective) => {
                prop_assert!(offer.required.is_subset(&(offer.granted & offer.supported)));
                prop_assert!(offer.required.is_subset(&effective));
            }
            Err(Missing { not_granted, not_supported }) => {
                prop_assert_eq!(not_granted, offer.required - offer.granted);
                prop_assert_eq!(not_supported, offer.required - offer.supported);
                prop_assert!(!(not_granted | not_supported).is_empty());
            }
        }
    }
}

#[test]
fn the_error_says_what_is_missing_and_why() {
    let set = |names: &[&str]| CapabilitySet::from_names(names.iter().copied()).unwrap();
    let error = negotiate(&Offer {
        required: set(&["fs.read", "net.connect", "random", "#16"]),
        optional: set(&["crypto"]),
        granted: set(&["fs.read", "random"]),
        supported: set(&["net.connect", "random"]),
    })
    .unwrap_err()
    .to_error();
    assert_eq!(error.code, ErrorCode::AdpCapabilityUnavailable);
    assert_eq!(error.context["not_granted"], vec!["net.connect".to_owned(), "#16".to_owned()].into());
    assert_eq!(error.context["not_supported"], vec!["fs.read".to_owned(), "#16".to_owned()].into());
    let error = negotiate(&Offer { required: set(&["ui.render"]), granted: CapabilitySet::ALL, ..Offer::default() })
        .unwrap_err()
        .to_error();
    assert_eq!(error.context.keys().copied().collect::<Vec<_>>(), ["not_supported"]);
}
