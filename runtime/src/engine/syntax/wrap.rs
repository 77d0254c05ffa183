//! Lists and non-nulls around a named type, in eight bytes.
//!
//! In: one wrapper after the other. Out: the same again. Must not know: the named type.

use std::fmt;

/// The wrappers of a type: `[Int!]!` is a list with two non-nulls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Wrap {
    lists: u8,
    /// Bit `n`: what is inside of `lists - n` lists is non-null; bit 0 is the named type's.
    non_null: u32,
}

impl Wrap {
    /// How many lists may be nested.
    pub const LISTS: u8 = 31;
    /// A named type, nullable.
    pub const NAMED: Wrap = Wrap {
        lists: 0,
        non_null: 0,
    };

    /// How many lists there are.
    #[inline]
    pub fn lists(self) -> usize {
        self.lists as usize
    }

    /// Whether it is a list, nullable or not.
    #[inline]
    pub fn is_list(self) -> bool {
        self.lists > 0
    }

    /// Whether the outermost type is non-null.
    #[inline]
    pub fn is_non_null(self) -> bool {
        self.non_null >> self.lists & 1 == 1
    }

    /// The same, the outermost type nullable.
    #[inline]
    #[must_use]
    pub fn nullable(self) -> Wrap {
        Wrap {
            non_null: self.non_null & !(1 << self.lists),
            ..self
        }
    }

    /// The same, the outermost type non-null.
    #[inline]
    #[must_use]
    pub fn required(self) -> Wrap {
        Wrap {
            non_null: self.non_null | 1 << self.lists,
            ..self
        }
    }

    /// A list of this; `None` if it has [`Wrap::LISTS`] lists already.
    #[must_use]
    pub fn list(self) -> Option<Wrap> {
        let lists = self.lists + 1;
        (lists <= Self::LISTS).then_some(Wrap { lists, ..self })
    }

    /// What the list holds; `None` if it is no list.
    #[inline]
    #[must_use]
    pub fn item(self) -> Option<Wrap> {
        let lists = self.lists.checked_sub(1)?;
        Some(Wrap {
            lists,
            non_null: self.nullable().non_null,
        })
    }

    /// As it is written around that name.
    pub fn around(self, name: &str) -> impl fmt::Display {
        fmt::from_fn(move |f| {
            (0..self.lists).try_for_each(|_| f.write_str("["))?;
            f.write_str(name)?;
            (0..=self.lists).try_for_each(|level| {
                f.write_str(if level > 0 { "]" } else { "" })?;
                f.write_str(if self.non_null >> level & 1 == 1 {
                    "!"
                } else {
                    ""
                })
            })
        })
    }
}
