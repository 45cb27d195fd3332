//! The operand stack while a function is translated.
//!
//! An operand that is a local or a constant is not moved before somebody needs it in a slot: `local.get` and `t.const` emit nothing. An operand that
//! was computed stands in the slot of its own height. Everything here takes constant time, amortised: a stack may be a million operands high.

/// No operation: the operand was not made by one that could still be changed.
pub(super) const NO_PRODUCER: usize = usize::MAX;

/// An operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operand {
    /// The local's value, as it is now.
    Local(usize),
    /// This slot.
    Constant(u64),
    /// In the slot of its height, where this operation put it.
    Computed(usize),
}

/// Room for the stack of the next function, all empty: a module has many functions, and each may have many locals and operands.
#[derive(Default)]
pub(crate) struct Room {
    stack: Vec<Entry>,
    topmost: Vec<Option<usize>>,
    locals: Vec<usize>,
}

/// The stack.
pub(super) struct Operands {
    stack: Vec<Entry>,
    /// For each local, the topmost entry of the chain of those that were pushed as it.
    topmost: Vec<Option<usize>>,
    /// Heights of entries that were pushed as locals, ascending.
    locals: Vec<usize>,
    /// Entries below are settled.
    settled: usize,
    highest: usize,
}

struct Entry {
    operand: Operand,
    /// The chain that the entry is in: its local, and the next entry below.
    chain: Option<(usize, Option<usize>)>,
}

impl Operands {
    pub(super) fn new(count: usize, room: Room) -> Self {
        let Room { stack, mut topmost, locals } = room;
        if topmost.len() < count {
            topmost.resize(count, None);
        }
        Self { stack, topmost, locals, settled: 0, highest: 0 }
    }

    /// Empties the stack: its room, empty too.
    pub(super) fn give_back(&mut self) -> Room {
        while self.pop().is_some() {}
        self.locals.clear();
        let Self { stack, topmost, locals, .. } = self;
        Room { stack: std::mem::take(stack), topmost: std::mem::take(topmost), locals: std::mem::take(locals) }
    }

    pub(super) fn height(&self) -> usize {
        self.stack.len()
    }

    pub(super) fn get(&self, height: usize) -> Option<Operand> {
        self.stack.get(height).map(|entry| entry.operand)
    }

    /// The height that was never passed.
    pub(super) fn highest(&self) -> usize {
        self.highest
    }

    /// Says that slots up to this height are used, by something that is not on the stack.
    pub(super) fn reserve(&mut self, height: usize) {
        self.highest = self.highest.max(height);
    }

    pub(super) fn push(&mut self, operand: Operand) {
        let height = self.stack.len();
        let mut chain = None;
        if let Operand::Local(local) = operand
            && let Some(topmost) = self.topmost.get_mut(local)
        {
            chain = Some((local, topmost.replace(height)));
            self.locals.push(height);
        }
        if self.settled == height && matches!(operand, Operand::Computed(_)) {
            self.settled += 1;
        }
        self.stack.push(Entry { operand, chain });
        self.reserve(height + 1);
    }

    pub(super) fn pop(&mut self) -> Option<Operand> {
        let entry = self.stack.pop()?;
        let height = self.stack.len();
        self.settled = self.settled.min(height);
        if self.locals.last() == Some(&height) {
            self.locals.pop();
        }
        self.unchain(entry.chain);
        Some(entry.operand)
    }

    fn unchain(&mut self, chain: Option<(usize, Option<usize>)>) {
        if let Some((local, below)) = chain
            && let Some(topmost) = self.topmost.get_mut(local)
        {
            *topmost = below;
        }
    }

    /// The next operand from the top that is that local; it counts as settled then.
    pub(super) fn take_local(&mut self, local: usize) -> Option<usize> {
        while let Some(height) = self.topmost.get(local).copied().flatten() {
            let entry = self.stack.get_mut(height)?;
            let chain = entry.chain.take();
            let operand = std::mem::replace(&mut entry.operand, Operand::Computed(NO_PRODUCER));
            self.unchain(chain);
            if operand == Operand::Local(local) {
                return Some(height);
            }
            if let Some(entry) = self.stack.get_mut(height) {
                entry.operand = operand;
            }
        }
        None
    }

    /// The next operand from the top that is a local, and which; it counts as settled then.
    pub(super) fn take_any_local(&mut self) -> Option<(usize, Operand)> {
        while let Some(height) = self.locals.pop() {
            if let Some(entry) = self.stack.get_mut(height)
                && let Operand::Local(_) = entry.operand
            {
                let operand = std::mem::replace(&mut entry.operand, Operand::Computed(NO_PRODUCER));
                return Some((height, operand));
            }
        }
        None
    }

    /// Begins a block: operands below that height are left as they are, as not every way through the block would settle them. How far
    /// they are settled is given back at the [`end`](Self::end).
    pub(super) fn begin(&mut self, height: usize) -> usize {
        let below = self.settled.min(height);
        self.settled = self.settled.max(height);
        below
    }

    /// Ends a block.
    pub(super) fn end(&mut self, settled: usize) {
        self.settled = settled.min(self.stack.len());
    }

    /// The lowest operand from that height on that is not known to be settled.
    pub(super) fn first_unsettled(&self, from: usize) -> usize {
        self.settled.max(from)
    }

    /// An operand that is not settled; it counts as settled then.
    pub(super) fn take(&mut self, height: usize) -> Option<Operand> {
        if self.settled == height {
            self.settled += 1;
        }
        let entry = self.stack.get_mut(height)?;
        match entry.operand {
            Operand::Computed(_) => None,
            operand => {
                entry.operand = Operand::Computed(NO_PRODUCER);
                Some(operand)
            }
        }
    }

    /// The lowest operand that is not known to be settled, and what it is; it counts as settled then.
    pub(super) fn take_lowest(&mut self) -> Option<(usize, Operand)> {
        let height = self.settled;
        let entry = self.stack.get_mut(height)?;
        self.settled += 1;
        match entry.operand {
            Operand::Computed(_) => Some((height, entry.operand)),
            operand => {
                entry.operand = Operand::Computed(NO_PRODUCER);
                Some((height, operand))
            }
        }
    }
}
