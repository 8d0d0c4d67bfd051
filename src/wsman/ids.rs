//! Identifiers of shells and commands. A server compares them as text, so they keep the spelling they came with.

use std::fmt;

use uuid::Uuid;

macro_rules! identifier {
    ($(#[$about:meta])* $name:ident) => {
        $(#[$about])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// The identifier a client chooses: the GUID in upper case, as servers compare ordinally.
            #[must_use]
            pub fn from_uuid(id: Uuid) -> Self {
                Self(id.hyphenated().encode_upper(&mut Uuid::encode_buffer()).to_owned())
            }

            /// The identifier exactly as the other side spelled it.
            pub fn from_text(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// Its text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The GUID, if it is one (Windows always uses GUIDs).
            #[must_use]
            pub fn to_uuid(&self) -> Option<Uuid> {
                Uuid::parse_str(self.0.trim_start_matches("uuid:")).ok()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    };
}

identifier! {
    /// [MS-WSMV] 3.1.1.1, the identifier of a shell; PowerShell uses the runspace pool's GUID.
    ShellId
}

identifier! {
    /// [MS-WSMV] 3.1.1.2, the identifier of a command; PowerShell uses the pipeline's GUID.
    CommandId
}
