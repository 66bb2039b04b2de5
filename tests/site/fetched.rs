//! Pictures of other sites, fetched: what a server answers, and what is kept of that.

use notes::build::NoProgress;
use notes::images::RemoteImages;

use crate::fixture::Folder;
use crate::picture_host::{command, folder, images, options, picture_host, pictures, text};

#[test]
fn what_is_no_picture_is_not_kept() {
    let host = picture_host();
    let expected = [
        ("/gone.png", "is not there: the server answers 404 Not Found"),
        ("/page.png", "the answer is no image"),
        ("/bad.svg", "it is an SVG with scripts, links or parts from elsewhere"),
        ("/round.png", "more than 5 redirects"),
        ("/file.png", "a redirect leads to something other than a page"),
        ("/large.png", "it is larger than 20 MB"),
        ("/endless.png", "it is larger than 20 MB"),
        ("/cut.png", ""),
    ];
    let links: String = expected.iter().map(|(path, _)| format!("![x](HOST{path})\n\n")).collect();
    let folder = folder(&host, &format!("-- a.md\n# 甲\n\n{links}![x](HOST/a.png)\n"));
    let fetched = images(&folder, &["--fetch", "--write", "--verbose"]);
    assert_eq!(fetched.code, 0, "{}", fetched.printed);
    for ((path, expected), line) in expected.iter().zip((3..).step_by(2)) {
        let address = format!("a.md:{line}:6: `{}{path}` is not ", host.address);
        let said = fetched.printed.lines().find(|line| line.starts_with(&address));
        let said = said.unwrap_or_else(|| panic!("{address}: {}", fetched.printed));
        assert!(said.contains(expected), "{said}");
    }
    assert!(fetched.printed.contains("1 link in 1 note changed, 1 image added"));
    assert_eq!(pictures(&folder).len(), 1);
    assert_eq!(text(&folder, "a.md").matches(&host.address).count(), expected.len());
    // The picture that is kept is not asked for again, and the rest is.
    assert_eq!(images(&folder, &["--fetch", "--strict"]).code, 1);
    assert_eq!((host.times("/a.png"), host.times("/gone.png")), (1, 2));
}

#[test]
fn svg_is_kept_where_the_site_publishes_it() {
    let host = picture_host();
    let folder = folder(&host, "-- a.md\n# 甲\n\n![x](HOST/a.svg)\n");
    folder.write("notes.yaml", b"html: safe\ncheck: {external: {local: true}}\n");
    let fetched = images(&folder, &["--fetch", "--write"]);
    assert!(fetched.printed.contains("it is an SVG, which `html: safe` does not publish"));
    assert_eq!(pictures(&folder).len(), 0);
    folder.write("notes.yaml", b"exclude: [assets]\ncheck: {external: {local: true}}\n");
    let fetched = images(&folder, &["--fetch", "--write"]);
    assert!(fetched.printed.contains("is not kept: `exclude` in notes.yaml excludes `assets/"));
    assert!(text(&folder, "a.md").contains(&host.address));
    folder.write("notes.yaml", b"images: {folder: pics/far}\ncheck: {external: {local: true}}\n");
    assert_eq!(images(&folder, &["--fetch", "--write"]).code, 0);
    assert!(text(&folder, "a.md").contains("(pics/far/"), "{}", text(&folder, "a.md"));
    assert_eq!(folder.build(&["--strict"]).code, 0);
}

#[test]
fn no_redirect_leads_to_this_machine_or_its_network() {
    let host = picture_host();
    let public = "http://93.184.216.34";
    let notes = format!(
        "-- a.md\n# 甲\n\n![x]({public}/private.png)\n\n![x]({public}/mapped.png)\n\n\
         ![x]({public}/a.png)\n\n![x](http://169.254.169.254/a.png)\n\n![x]({}/a.png)\n",
        host.address
    );
    let folder = Folder::new(&notes);
    let mut command = command(&folder, &["--fetch", "--write"]);
    let fetched = folder.ran(command.env("HTTP_PROXY", &host.address).output().unwrap());
    let told = fetched.printed.matches("a redirect leads to this machine or its local network");
    assert_eq!(told.count(), 2, "{}", fetched.printed);
    let told = fetched.printed.matches("the host is on this machine or its local network");
    assert_eq!(told.count(), 2, "{}", fetched.printed);
    let connected: Vec<_> =
        host.asked().into_iter().filter(|asked| asked.starts_with("CONNECT")).collect();
    assert_eq!(connected, ["CONNECT 93.184.216.34:80 HTTP/1.1"; 3]);
    assert_eq!(pictures(&folder).len(), 1);
}

#[test]
fn a_host_that_asks_to_wait_is_waited_for_or_left_alone() {
    let host = picture_host();
    let folder = folder(
        &host,
        "
        -- a.md
        # 甲

        ![x](HOST/angry.png) ![x](HOST/b.png) ![x](HOST/tired.png)
    ",
    );
    let fetched = images(&folder, &["--fetch", "--write"]);
    assert!(fetched.printed.contains("angry.png` is not at hand: the server answers 429"));
    let told = "not asked for: the host asks to wait for 3600 seconds";
    assert_eq!(fetched.printed.matches(told).count(), 2, "{}", fetched.printed);
    assert_eq!(host.asked(), ["GET /angry.png"]);
    let kept = images(&folder, &["--fetch", "--write", "--host", "localhost"]);
    assert!(kept.printed.contains("nothing written"), "{}", kept.printed);
    folder.write("a.md", text(&folder, "a.md").replace("angry", "a").as_bytes());
    assert!(images(&folder, &["--fetch", "--write"]).printed.contains("3 images added"));
    assert_eq!(host.times("/tired.png"), 2);
}

#[test]
fn an_answer_that_stalls_is_given_up() {
    let host = picture_host();
    let folder = folder(&host, "-- a.md\n# 甲\n\n![x](HOST/stalled.png) ![x](HOST/a.png)\n");
    let images = RemoteImages::find(options(&folder)).unwrap();
    let fetched = images.fetch(&NoProgress).unwrap();
    let told: Vec<_> =
        fetched.plan.problems.iter().map(|problem| problem.message.to_string()).collect();
    let expected = format!("`{}/stalled.png` is not at hand: no answer in time", host.address);
    assert_eq!(told, [expected]);
    assert_eq!(fetched.plan.changes().count(), 1);
}
