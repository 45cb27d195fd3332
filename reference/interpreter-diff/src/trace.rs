//! What one engine makes of a plan, and where two engines differ.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::engine::{Ending, Engine, Instance, Start, State};
use crate::plan::Plan;

/// What is seen after instantiation or a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What was done.
    pub what: String,
    /// How it ended.
    pub ending: Ending,
    /// What the instance shows; `None` where there is none.
    pub state: Option<State>,
    /// Instructions executed, where the engine counts them.
    pub executed: Option<u64>,
}

/// What one engine makes of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trace {
    /// The module is refused.
    Refused(String),
    /// Step by step. It ends where an ending is the engine's own, for nothing after that can be compared.
    Steps(Vec<Step>),
}

/// Runs a plan.
pub fn trace(engine: &dyn Engine, bytes: &[u8], plan: &Plan) -> Trace {
    let what = "instantiation".to_owned();
    let mut instance = match engine.instantiate(bytes, plan.fuel, plan.answers) {
        Start::Refused(why) => return Trace::Refused(why),
        Start::Ended(ending) => return Trace::Steps(vec![Step { what, ending, state: None, executed: None }]),
        Start::Ready(instance) => instance,
    };
    let started = Ending::Returned(Vec::new());
    let state = Some(state_of(&mut *instance, plan));
    let mut steps = vec![Step { what, ending: started, state, executed: None }];
    for (number, call) in plan.calls.iter().enumerate() {
        let ending = instance.call(&call.export, &call.arguments, plan.fuel);
        let is_own = ending.is_own();
        let what = format!("call {number}, `{}` {:?}", call.export, call.arguments);
        let executed = if call.is_import { None } else { instance.executed() };
        steps.push(Step { what, ending, state: Some(state_of(&mut *instance, plan)), executed });
        if is_own {
            break;
        }
    }
    Trace::Steps(steps)
}

/// Everything that an instance shows.
pub fn state_of(instance: &mut dyn Instance, plan: &Plan) -> State {
    let memory = |name: &String| {
        let memory = instance.memory(name)?;
        Some((name.clone(), (hex::encode(Sha256::digest(&*memory)), memory.len())))
    };
    State {
        memories: plan.memories.iter().filter_map(memory).collect(),
        globals: plan.globals.iter().filter_map(|name| Some((name.clone(), instance.global(name)?))).collect(),
        tables: plan.tables.iter().filter_map(|name| Some((name.clone(), instance.table(name)?))).collect(),
        host: instance.host(),
    }
}

/// How far two traces agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// They agree to the end, over so many steps.
    Whole(usize),
    /// They agree over so many steps; then one ends in its own way.
    Partial(usize),
    /// They differ, and how.
    None(String),
}

/// Compares two traces of one plan.
#[must_use]
pub fn compare((left_name, left): (&str, &Trace), (right_name, right): (&str, &Trace)) -> Agreement {
    let (left, right) = match (left, right) {
        (Trace::Refused(_), Trace::Refused(_)) => return Agreement::Whole(0),
        (Trace::Refused(why), Trace::Steps(_)) => {
            return Agreement::None(format!("{left_name} refuses the module, and {right_name} does not: {why}"));
        }
        (Trace::Steps(_), Trace::Refused(why)) => {
            return Agreement::None(format!("{right_name} refuses the module, and {left_name} does not: {why}"));
        }
        (Trace::Steps(left), Trace::Steps(right)) => (left, right),
    };
    let mut agreed = 0;
    for (left, right) in left.iter().zip(right) {
        if left.ending.is_own() || right.ending.is_own() {
            return Agreement::Partial(agreed);
        }
        let counts = left.executed.zip(right.executed);
        if left.ending != right.ending || left.state != right.state || counts.is_some_and(|(left, right)| left != right)
        {
            let mut told = format!("{}:\n", left.what);
            for (name, step) in [(left_name, left), (right_name, right)] {
                let _infallible = writeln!(told, "  {name}: {:?}, executed {:?}", step.ending, step.executed);
            }
            if left.state != right.state {
                for (name, step) in [(left_name, left), (right_name, right)] {
                    let _infallible = writeln!(told, "  {name}: {:?}", step.state);
                }
            }
            return Agreement::None(told);
        }
        agreed += 1;
    }
    if left.len() == right.len() {
        Agreement::Whole(agreed)
    } else {
        Agreement::None(format!("{left_name} ends after {} steps, and {right_name} after {}", left.len(), right.len()))
    }
}
