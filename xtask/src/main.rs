//! Build, test and serve.
fn main() {}
