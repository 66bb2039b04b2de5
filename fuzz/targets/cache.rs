//! Any bytes in place of what earlier runs kept: they are not there, or are what was written under
//! that key.

#![no_main]

use std::fs;

use libfuzzer_sys::fuzz_target;
use notes::cache::{Cache, FOLDER};
use notes::digest::Digest;
use notes::note::Note;

fuzz_target!(|input: (&[u8], &[u8], u16)| {
    let (bytes, state, place) = input;
    let folder = tempfile::tempdir().expect("a folder");
    let key = Cache::key("value", &[b"key"]);
    let cache = Cache::open(folder.path());
    cache.put(key, &"a value".to_owned());
    cache.save_state("build", Digest::default(), &"left".to_owned());
    cache.save().expect("a pack is written");
    for entry in fs::read_dir(folder.path().join(FOLDER)).expect("the cache").flatten() {
        let mut content = fs::read(entry.path()).unwrap_or_default();
        let with = if entry.file_name() == "state" { state } else { bytes };
        // Over what stands there, or in its place.
        let at = usize::from(place).min(content.len());
        if place == 0 {
            content = with.to_vec();
        } else {
            let end = content.len().min(at + with.len());
            content.splice(at..end, with.iter().copied());
        }
        let _ = fs::write(entry.path(), content);
    }
    let cache = Cache::open(folder.path());
    assert!(cache.get::<String>(key).is_none_or(|value| value == "a value"));
    assert!(
        cache.load_state::<String>("build", Digest::default()).is_none_or(|value| value == "left")
    );
    let _ = cache.get::<Note>(key);
    cache.put(Cache::key("value", &[b"other"]), &1_u8);
    cache.save().expect("a pack is written");
});
