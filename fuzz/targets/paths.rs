//! Any text as a path and as a destination: no path leaves the root, and a page's reference to
//! another, resolved as a browser does, leads there.

#![no_main]

use libfuzzer_sys::fuzz_target;
use notes::path::{
    Route, SourcePath, disk_key, encode_path, label_of, loose_key, name_order, percent_decode,
    without_control,
};

fuzz_target!(|input: (&str, &str)| {
    let (one, other) = input;
    let (Some(folder), Some(path)) = (SourcePath::new(one), SourcePath::new(other)) else { return };
    for path in [&folder, &path].into_iter().chain(folder.join(other).iter()) {
        assert!(path.segments().all(|segment| !matches!(segment, "" | "." | "..")));
        assert!(!path.as_str().starts_with('/'));
        assert_eq!(SourcePath::new(path.as_str()).as_ref(), Some(path));
        let routes = [Route::note(path), Route::folder(path), Route::file(path.as_str())];
        for route in routes.iter().chain(&[routes[0].numbered(2)]) {
            assert!(!route.as_str().starts_with('/') && !route.as_str().contains(char::is_control));
            assert!(route.as_str().split('/').all(|name| !matches!(name, "." | "..")));
            assert!(route.as_str().split('/').all(|name| name.len() <= 255), "{route}");
        }
    }
    let (from, to) = (Route::note(&folder), Route::note(&path));
    let href = from.href_to(&to);
    assert!(href.is_ascii() && !href.contains([' ', '"', '<', '?', '#']), "{href}");
    let here = SourcePath::new(from.as_str()).map(|page| page.parent()).unwrap_or_default();
    let there = here.join(&percent_decode(&href)).expect("a reference within the site");
    assert_eq!(there.as_str(), to.as_str());
    assert_eq!(percent_decode(&encode_path(one)), one);
    assert_eq!(name_order(one, other), name_order(other, one).reverse());
    assert!(!without_control(one).contains(char::is_control));
    let _ = (label_of(one), loose_key(one), disk_key(one));
});
