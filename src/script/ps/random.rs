//! Random numbers that a seed settles: .NET's generator, which scripts name a seed for to have the same numbers again.
//!
//! Numbers without a seed come from the host's generator.

/// Knuth's subtractive generator, as `System.Random` has it for a seed.
#[derive(Debug, Clone)]
pub(super) struct Seeded {
    state: [i32; 56],
    next: usize,
    other: usize,
}

impl Seeded {
    /// From a seed.
    #[must_use]
    pub(super) fn new(seed: i32) -> Self {
        const START: i32 = 161_803_398;
        let mut state = [0_i32; 56];
        let mut last = START.wrapping_sub(if seed == i32::MIN { i32::MAX } else { seed.abs() });
        state[55] = last;
        let mut one = 1_i32;
        let mut at = 0;
        for _ in 1..55 {
            at = (at + 21) % 55;
            state[at] = one;
            one = last.wrapping_sub(one);
            if one < 0 {
                one = one.wrapping_add(i32::MAX);
            }
            last = state[at];
        }
        for _ in 1..5 {
            for at in 1..56 {
                let from = if at + 30 >= 55 { at + 30 - 55 } else { at + 30 };
                let less = state[at].wrapping_sub(state[1 + from]);
                state[at] = if less < 0 { less.wrapping_add(i32::MAX) } else { less };
            }
        }
        Self { state, next: 0, other: 21 }
    }

    /// A number from 0 to the greatest `Int32`, without that.
    pub(super) fn sample(&mut self) -> i32 {
        let step = |at: usize| if at + 1 >= 56 { 1 } else { at + 1 };
        (self.next, self.other) = (step(self.next), step(self.other));
        let mut found = self.state[self.next].wrapping_sub(self.state[self.other]);
        if found == i32::MAX {
            found -= 1;
        }
        if found < 0 {
            found = found.wrapping_add(i32::MAX);
        }
        self.state[self.next] = found;
        found
    }

    /// A number from 0 to 1, without 1.
    pub(super) fn unit(&mut self) -> f64 {
        f64::from(self.sample()) * (1.0 / f64::from(i32::MAX))
    }

    /// A number from `low` to `high`, without that.
    pub(super) fn within(&mut self, low: i64, high: i64) -> i64 {
        let range = high.saturating_sub(low);
        #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "that is what .NET does")]
        if range <= i64::from(i32::MAX) {
            (self.unit() * range as f64) as i64 + low
        } else {
            // a second number says whether the first is below zero
            let first = f64::from(self.sample());
            let signed = if self.sample() % 2 == 0 { -first } else { first };
            let unit = (signed + f64::from(i32::MAX - 1)) / (2.0 * (f64::from(i32::MAX) - 1.0) + 1.0);
            (unit * range as f64) as i64 + low
        }
    }
}

/// Where random numbers come from.
#[derive(Debug, Clone)]
pub(super) enum Source {
    /// The host.
    Host,
    /// A seed.
    Seed(Box<Seeded>),
}

impl Source {
    /// A number from `low` to `high`, without that; `low` when there is none.
    pub(super) fn within(&mut self, low: i64, high: i64) -> i64 {
        if high <= low {
            return low;
        }
        match self {
            Self::Host => rand::Rng::gen_range(&mut rand::thread_rng(), low..high),
            Self::Seed(seeded) => seeded.within(low, high),
        }
    }

    /// Any number that is not below zero.
    pub(super) fn any(&mut self) -> i64 {
        match self {
            Self::Host => self.within(0, i32::MAX.into()),
            Self::Seed(seeded) => seeded.sample().into(),
        }
    }

    /// A number from 0 to 1, without 1.
    pub(super) fn unit(&mut self) -> f64 {
        match self {
            Self::Host => rand::random(),
            Self::Seed(seeded) => seeded.unit(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Seeded;

    #[test]
    fn a_seed_gives_the_numbers_that_dotnet_documents_for_it() {
        // the first numbers of `new Random(42)` and `new Random(0)`, as .NET's documentation of Random shows them
        assert_eq!(Seeded::new(42).sample(), 1_434_747_710);
        assert_eq!(Seeded::new(0).sample(), 1_559_595_546);
    }
}
