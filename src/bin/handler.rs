//! The Lambda program.

fn main() {}
