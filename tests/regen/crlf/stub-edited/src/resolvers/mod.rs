pub mod a;
