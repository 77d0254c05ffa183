//! W5's object of 25 scalars: the data, and a struct of a contender's own with the same members.

/// Defines `Profile` with those attributes, and `From<&data::Profile>` for it.
#[macro_export]
macro_rules! profile {
    ($(#[$attribute:meta])*) => {
        $crate::profile_struct! {
            [$(#[$attribute])*]
            i32: id, age, followers, following, posts, likes, logins, rank, level, points;
            String: first_name, last_name, nickname, email, phone, street, city, country, language, joined;
            bool: active, verified, admin, newsletter, online;
        }
        $crate::same!(Profile {
            id, age, followers, following, posts, likes, logins, rank, level, points,
            first_name, last_name, nickname, email, phone, street, city, country, language, joined,
            active, verified, admin, newsletter, online,
        });
    };
}

/// See [`profile`].
#[macro_export]
macro_rules! profile_struct {
    ([$(#[$attribute:meta])*] $($ty:ty: $($member:ident),*;)*) => {
        $(#[$attribute])*
        pub struct Profile {
            $($(pub $member: $ty,)*)*
        }
    };
}
