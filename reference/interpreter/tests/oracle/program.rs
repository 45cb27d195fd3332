//! Programs of three functions that call each other and the host, over two globals and a memory, and their text.

use std::fmt::Write as _;

use proptest::collection::vec;
use proptest::prelude::*;

/// Three functions of one i32 to one i32; function 0 is exported.
#[derive(Clone, Debug)]
pub(crate) struct Program(pub(crate) [Function; 3]);

/// A function: its body, and what it gives. Local 0 is its argument, 1 and 2 begin as zero.
#[derive(Clone, Debug)]
pub(crate) struct Function {
    pub(crate) body: Vec<Statement>,
    pub(crate) gives: Expression,
}

/// Leaves a value.
#[derive(Clone, Debug)]
pub(crate) enum Expression {
    Constant(i32),
    Local(u8),
    Global(u8),
    Load(Box<Expression>),
    Eqz(Box<Expression>),
    Binary(Operator, Box<[Expression; 2]>),
    Tee(u8, Box<Expression>),
    /// The first where the third is not zero, else the second; both are evaluated.
    Select(Box<[Expression; 3]>),
    /// The second where the first is not zero, else the third.
    If(Box<[Expression; 3]>),
    Call(u8, Box<Expression>),
    /// An argument, and the element of the table: the three functions, one of another type, none.
    Indirect(Box<[Expression; 2]>),
    Host(Box<Expression>),
}

/// An instruction with two operands.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Operator {
    Add,
    Sub,
    And,
    Shl,
    DivS,
    Eq,
    LtS,
    LtU,
    GeU,
}

/// Leaves nothing.
#[derive(Clone, Debug)]
pub(crate) enum Statement {
    SetLocal(u8, Expression),
    SetGlobal(u8, Expression),
    Store([Expression; 2]),
    Drop(Expression),
    If(Expression, [Vec<Statement>; 2]),
    /// A loop that tests at its beginning whether it goes on.
    While(Expression, Vec<Statement>),
    /// A loop that tests at its beginning whether it ends.
    Until(Expression, Vec<Statement>),
    /// A loop that tests at its end.
    Repeat(Vec<Statement>, Expression),
    /// The second part is left out where the condition is not zero.
    Skip(Expression, [Vec<Statement>; 2]),
    /// The first for 0, the second for all else.
    Switch(Expression, [Vec<Statement>; 2]),
    Return(Expression),
}

pub(crate) fn programs() -> impl Strategy<Value = Program> {
    let function = (vec(statements(), 0..8), expressions()).prop_map(|(body, gives)| Function { body, gives });
    prop::array::uniform3(function).prop_map(Program)
}

fn expressions() -> impl Strategy<Value = Expression> {
    use Expression as E;
    let constant = prop_oneof![-2..8, Just(i32::MIN), Just(32_767), Just(32_768), Just(65_533), any::<i32>()];
    let leaf = prop_oneof![
        2 => constant.prop_map(E::Constant),
        3 => (0_u8..3).prop_map(E::Local),
        1 => (0_u8..2).prop_map(E::Global),
    ];
    leaf.prop_recursive(4, 12, 3, |inner| {
        let (one, pair, triple) = (inner.clone().prop_map(Box::new), boxed(&inner), boxed(&inner));
        let operator = prop::sample::select(vec![
            Operator::Add,
            Operator::Sub,
            Operator::And,
            Operator::Shl,
            Operator::Eq,
            Operator::LtS,
            Operator::LtU,
            Operator::GeU,
        ]);
        let operator = prop_oneof![12 => operator, 1 => Just(Operator::DivS)];
        prop_oneof![
            4 => (operator, pair.clone()).prop_map(|(operator, operands)| E::Binary(operator, operands)),
            1 => one.clone().prop_map(E::Eqz),
            1 => addresses(inner.clone()).prop_map(|address| E::Load(Box::new(address))),
            1 => (0_u8..3, one.clone()).prop_map(|(local, value)| E::Tee(local, value)),
            1 => triple.clone().prop_map(E::Select),
            1 => triple.prop_map(E::If),
            1 => (0_u8..3, one.clone()).prop_map(|(function, argument)| E::Call(function, argument)),
            1 => (inner.clone(), prop_oneof![12 => (0..3).prop_map(E::Constant), 1 => inner])
                .prop_map(|(argument, element)| E::Indirect(Box::new([argument, element]))),
            1 => one.prop_map(E::Host),
        ]
    })
}

fn boxed<const N: usize>(inner: &BoxedStrategy<Expression>) -> BoxedStrategy<Box<[Expression; N]>>
where
    [BoxedStrategy<Expression>; N]: Strategy<Value = [Expression; N]>,
{
    let each: [BoxedStrategy<Expression>; N] = std::array::from_fn(|_| inner.clone());
    each.prop_map(Box::new).boxed()
}

/// Mostly within the memory.
fn addresses(any: BoxedStrategy<Expression>) -> impl Strategy<Value = Expression> {
    let within =
        any.clone().prop_map(|value| Expression::Binary(Operator::And, Box::new([value, Expression::Constant(0xffc)])));
    prop_oneof![12 => within, 1 => any]
}

/// Mostly comparisons of a local with another, or with a small number: what loops are made of.
fn conditions() -> impl Strategy<Value = Expression> {
    use Expression as E;
    let relation = prop::sample::select(vec![Operator::Eq, Operator::LtS, Operator::LtU, Operator::GeU]);
    let local = (0_u8..3).prop_map(E::Local);
    let other = prop_oneof![local.clone(), (-1..5).prop_map(E::Constant)];
    let comparison = (relation, [local.boxed(), other.boxed()]).prop_map(|(of, pair)| E::Binary(of, Box::new(pair)));
    prop_oneof![3 => comparison, 1 => expressions()]
}

/// Adds a small number to a variable.
fn step(variable: Expression, by: i32) -> Expression {
    Expression::Binary(Operator::Add, Box::new([variable, Expression::Constant(by)]))
}

fn statements() -> impl Strategy<Value = Statement> {
    use Statement as S;
    let leaf = prop_oneof![
        4 => (0_u8..3, -1..3).prop_map(|(local, by)| S::SetLocal(local, step(Expression::Local(local), by))),
        4 => (0_u8..2, 1..9).prop_map(|(global, by)| S::SetGlobal(global, step(Expression::Global(global), by))),
        3 => (0_u8..3, expressions()).prop_map(|(local, value)| S::SetLocal(local, value)),
        2 => (0_u8..2, expressions()).prop_map(|(global, value)| S::SetGlobal(global, value)),
        1 => [addresses(expressions().boxed()).boxed(), expressions().boxed()].prop_map(S::Store),
        1 => expressions().prop_map(S::Drop),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        let some = vec(inner, 0..4);
        let two = [some.clone(), some.clone()];
        prop_oneof![
            2 => (conditions(), two.clone()).prop_map(|(condition, parts)| S::If(condition, parts)),
            2 => (conditions(), some.clone()).prop_map(|(condition, body)| S::While(condition, body)),
            2 => (conditions(), some.clone()).prop_map(|(condition, body)| S::Until(condition, body)),
            1 => (some, conditions()).prop_map(|(body, condition)| S::Repeat(body, condition)),
            1 => (conditions(), two.clone()).prop_map(|(condition, parts)| S::Skip(condition, parts)),
            1 => (conditions(), two).prop_map(|(number, parts)| S::Switch(number, parts)),
            1 => expressions().prop_map(S::Return),
        ]
    })
}

impl Program {
    pub(crate) fn text(&self) -> String {
        let mut text = String::from(
            r#"(module
            (type $of (func (param i32) (result i32)))
            (import "host" "ask" (func $ask (type $of)))
            (memory (export "memory") 1)
            (global $0 (export "first") (mut i32) (i32.const 0))
            (global $1 (export "second") (mut i32) (i32.const 0))
            (func $other)
            (table 5 funcref)
            (elem (i32.const 0) $0 $1 $2 $other)
            (export "run" (func $0))"#,
        );
        for (number, Function { body, gives }) in self.0.iter().enumerate() {
            let (body, gives) = (all(body), gives.text());
            // A string takes everything that is written.
            let _ = write!(text, "\n(func ${number} (type $of) (local i32 i32) {body} {gives})");
        }
        text + ")"
    }
}

fn all(statements: &[Statement]) -> String {
    statements.iter().map(Statement::text).collect::<Vec<_>>().join(" ")
}

impl Expression {
    fn text(&self) -> String {
        match self {
            Self::Constant(number) => format!("(i32.const {number})"),
            Self::Local(local) => format!("(local.get {local})"),
            Self::Global(global) => format!("(global.get ${global})"),
            Self::Load(address) => format!("(i32.load {})", address.text()),
            Self::Eqz(value) => format!("(i32.eqz {})", value.text()),
            Self::Binary(operator, operands) => {
                let [a, b] = operands.each_ref().map(Self::text);
                format!("(i32.{} {a} {b})", operator.name())
            }
            Self::Tee(local, value) => format!("(local.tee {local} {})", value.text()),
            Self::Select(operands) => {
                let [a, b, condition] = operands.each_ref().map(Self::text);
                format!("(select {a} {b} {condition})")
            }
            Self::If(parts) => {
                let [condition, a, b] = parts.each_ref().map(Self::text);
                format!("(if (result i32) {condition} (then {a}) (else {b}))")
            }
            Self::Call(function, argument) => format!("(call ${function} {})", argument.text()),
            Self::Indirect(operands) => {
                let [argument, element] = operands.each_ref().map(Self::text);
                format!("(call_indirect (type $of) {argument} {element})")
            }
            Self::Host(argument) => format!("(call $ask {})", argument.text()),
        }
    }
}

impl Operator {
    fn name(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Sub => "sub",
            Self::And => "and",
            Self::Shl => "shl",
            Self::DivS => "div_s",
            Self::Eq => "eq",
            Self::LtS => "lt_s",
            Self::LtU => "lt_u",
            Self::GeU => "ge_u",
        }
    }
}

impl Statement {
    fn text(&self) -> String {
        match self {
            Self::SetLocal(local, value) => format!("(local.set {local} {})", value.text()),
            Self::SetGlobal(global, value) => format!("(global.set ${global} {})", value.text()),
            Self::Store([address, value]) => format!("(i32.store {} {})", address.text(), value.text()),
            Self::Drop(value) => format!("(drop {})", value.text()),
            Self::If(condition, [a, b]) => format!("(if {} (then {}) (else {}))", condition.text(), all(a), all(b)),
            Self::While(condition, body) => {
                format!("(block (loop (br_if 1 (i32.eqz {})) {} (br 0)))", condition.text(), all(body))
            }
            Self::Until(condition, body) => {
                format!("(block (loop (br_if 1 {}) {} (br 0)))", condition.text(), all(body))
            }
            Self::Repeat(body, condition) => format!("(loop {} (br_if 0 {}))", all(body), condition.text()),
            Self::Skip(condition, [a, b]) => format!("(block {} (br_if 0 {}) {})", all(a), condition.text(), all(b)),
            Self::Switch(number, [a, b]) => {
                format!("(block (block (block (br_table 0 1 {})) {} (br 1)) {})", number.text(), all(a), all(b))
            }
            Self::Return(value) => format!("(return {})", value.text()),
        }
    }
}
