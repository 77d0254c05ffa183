fn main() {
    graphwright_codegen::build();
}
