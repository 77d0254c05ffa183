//! apollo-compiler agrees on what is a document.
