use callwright_codegen::*;
use std::time::Instant;
fn main() {
    std::thread::Builder::new()
        .stack_size(512 << 20)
        .spawn(run)
        .unwrap()
        .join()
        .unwrap();
}
fn run() {
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path).unwrap();
        let loader = |_: &str| Err(source::LoadError::Missing);
        let t = Instant::now();
        let input = source::Input {
            name: &path,
            bytes: &bytes,
            loader: &loader,
            overlays: vec![],
            limits: source::Limits::default(),
        };
        let (tree, _f, _d) = source::read(&input);
        let (lowered, _) = dialect::lower(tree.unwrap());
        let lowered = lowered.unwrap();
        let doc = document::Document::new(&lowered);
        let (mut api, _) = resolve::resolve(doc);
        analyze::analyze(doc, &mut api);
        let t1 = t.elapsed();
        let (names, _) = names::assign(&api, &names::Options::default());
        let t2 = t.elapsed();
        let modules = emit::emit(
            &api,
            &names,
            &emit::Options {
                layout: emit::Layout::Module {
                    krate: "a".into(),
                    name: "b".into(),
                },
            },
        );
        let t3 = t.elapsed();
        let files = render::render(modules, &render::Header::default()).unwrap();
        let t4 = t.elapsed();
        println!(
            "{path}: to ir {t1:?} names {:?} emit {:?} render {:?} files {} bytes {} lines {}",
            t2 - t1,
            t3 - t2,
            t4 - t3,
            files.len(),
            files.iter().map(|f| f.contents.len()).sum::<usize>(),
            files
                .iter()
                .map(|f| f.contents.iter().filter(|b| **b == b'\n').count())
                .sum::<usize>()
        );
    }
}
