use callwright_codegen::*;
use std::time::Instant;
fn main() {
    let child = std::thread::Builder::new()
        .stack_size(512 << 20)
        .spawn(run)
        .unwrap();
    child.join().unwrap();
}
fn run() {
    for path in std::env::args().skip(1) {
        let start = Instant::now();
        let bytes = std::fs::read(&path).unwrap();
        let dir = std::path::Path::new(&path).parent().unwrap().to_owned();
        let loader =
            |name: &str| std::fs::read(dir.join(name)).map_err(|_| source::LoadError::Missing);
        let input = source::Input {
            name: &path,
            bytes: &bytes,
            loader: &loader,
            overlays: vec![],
            limits: source::Limits::default(),
        };
        let (tree, files, mut diags) = source::read(&input);
        let Some(tree) = tree else {
            println!("{path}: no tree {diags:?}");
            continue;
        };
        let t1 = start.elapsed();
        let (lowered, d) = dialect::lower(tree);
        diags.extend(d);
        let Some(lowered) = lowered else {
            println!("{path}: not lowered {diags:?}");
            continue;
        };
        let t2 = start.elapsed();
        let doc = document::Document::new(&lowered);
        let (mut api, d) = resolve::resolve(doc);
        diags.extend(d);
        let t3 = start.elapsed();
        diags.extend(analyze::analyze(doc, &mut api));
        let t4 = start.elapsed();
        let n = |k| diags.iter().filter(|d| d.severity == k).count();
        use callwright_codegen::diagnostic::Severity::*;
        println!(
            "{path}: ops {} types {} | e {} w {} n {} | read {:?} lower {:?} resolve {:?} analyze {:?}",
            api.operations.len(),
            api.types.len(),
            n(Error),
            n(Warning),
            n(Note),
            t1,
            t2 - t1,
            t3 - t2,
            t4 - t3
        );
        if std::env::var("V").is_ok() {
            for d in &diags {
                if d.severity != Note {
                    println!(
                        "  {} {} {} {}",
                        d.code,
                        d.pointer,
                        d.message,
                        d.location(&files).line
                    );
                }
            }
        }
    }
}
