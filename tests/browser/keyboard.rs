//! A page and the Tab key, pressed from the top until it leaves the page → where the focus does not
//! come, does not show, goes backwards or stays.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::driver::Driver;
use crate::report::Report;
use crate::site::{Page, Place, Site, for_every_look, for_every_width};
use crate::window::{ENTER, SCHEMES, TAB, WITH_DRAWER, Window};

/// An element that has the focus or ought to get it.
struct Stop {
    /// Among all elements of the page.
    place: u64,
    name: String,
    wrongs: Vec<String>,
}

impl Stop {
    fn new(found: &Value) -> Self {
        let wrongs = found["wrongs"].as_array().map_or(&[][..], Vec::as_slice);
        Self {
            place: found["place"].as_u64().unwrap(),
            name: found["name"].as_str().unwrap().to_owned(),
            wrongs: wrongs.iter().map(|wrong| wrong.as_str().unwrap().to_owned()).collect(),
        }
    }
}

/// The focused element, if one in the page has the focus.
fn focused(window: &Window) -> Option<Stop> {
    let found = window.run(include_str!("focus.js"), &json!([]));
    (!found.is_null()).then(|| Stop::new(&found))
}

/// The elements that the Tab key must reach.
fn expected(window: &Window) -> Vec<Stop> {
    let found = window.run(include_str!("focusable.js"), &json!([]));
    found.as_array().unwrap().iter().map(Stop::new).collect()
}

/// Presses the Tab key until it leaves the page, and tells what is wrong on the way.
pub fn wrong_stops(window: &Window) -> Vec<String> {
    window.wait_until_drawn();
    let mut expected = expected(window);
    // Scrollable elements get the focus too.
    let limit = expected.len() + 30;
    let mut stops: Vec<Stop> = Vec::new();
    let mut wrongs = Vec::new();
    loop {
        window.press(TAB);
        let Some(stop) = focused(window) else { break };
        if stops.len() > limit {
            wrongs.push(format!("{} traps the focus", stop.name));
            break;
        }
        if let Some(before) = stops.last().filter(|before| before.place >= stop.place) {
            wrongs.push(format!("{} comes after {}", stop.name, before.name));
        }
        stops.push(stop);
    }
    // With a fragment in the address, or an open drawer, the way begins there.
    let begin = stops.first().map_or(0, |stop| stop.place);
    let is_begun =
        "return location.hash !== '' || Boolean(document.querySelector('.navigation.open'))";
    let is_begun = window.run(is_begun, &json!([])) == json!(true);
    expected.retain(|meant| !is_begun || meant.place >= begin);
    expected.retain(|meant| stops.iter().all(|stop| stop.place != meant.place));
    wrongs.extend(expected.iter().map(|meant| format!("{} gets no focus", meant.name)));
    wrongs.extend(counted(&stops));
    wrongs
}

/// Each wrong of the stops once, with the first that has it and how many have.
fn counted(stops: &[Stop]) -> Vec<String> {
    let mut counts: BTreeMap<&str, (&str, usize)> = BTreeMap::new();
    for stop in stops {
        for wrong in &stop.wrongs {
            counts.entry(wrong).or_insert((&stop.name, 0)).1 += 1;
        }
    }
    let lines =
        counts.iter().map(|(wrong, (first, count))| format!("{first} {wrong} ({count} times)"));
    lines.collect()
}

/// The longest of these tests: one for each scheme, so that they run side by side.
fn assert_tab_goes_through_every_page(scheme: &'static str) {
    let (site, driver) = (Site::on_disk(), Driver::start());
    let window = driver.window();
    let mut report = Report::default();
    for_every_width(&window, &site.pages(), &[scheme], |place| {
        window.open(&place.0.url);
        report.add(place, wrong_stops(&window));
    });
    report.assert_empty();
}

#[test]
fn tab_goes_through_every_page_in_light() {
    let [light, _, _] = SCHEMES;
    assert_tab_goes_through_every_page(light);
}

#[test]
fn tab_goes_through_every_page_in_dark() {
    let [_, dark, _] = SCHEMES;
    assert_tab_goes_through_every_page(dark);
}

#[test]
fn tab_goes_through_every_page_in_sepia() {
    let [_, _, sepia] = SCHEMES;
    assert_tab_goes_through_every_page(sepia);
}

#[test]
fn tab_goes_through_open_drawers() {
    let (site, driver) = (Site::on_disk(), Driver::start());
    let window = driver.window();
    let mut report = Report::default();
    let open: Vec<_> = site.pages_with_sidebar().iter().map(Page::with_drawer).collect();
    for_every_look(&window, &open, |place| {
        if WITH_DRAWER.contains(&place.1.width) {
            window.open(&place.0.url);
            report.add(place, wrong_stops(&window));
        }
    });
    report.assert_empty();
}

/// True if the focus is inside an element.
fn is_inside(window: &Window, selector: &str) -> bool {
    let script = "return document.querySelector(arguments[0]).contains(document.activeElement)";
    window.run(script, &json!([selector])) == json!(true)
}

/// Presses Tab until the focus is at an element, and then Enter.
fn enter(window: &Window, selector: &str) -> Result<(), String> {
    for _ in 0..20 {
        window.press(TAB);
        if is_inside(window, selector) {
            window.press(ENTER);
            return Ok(());
        }
    }
    Err(format!("Tab does not come to {selector}"))
}

/// Opens the drawer by keys, looks where Tab goes then, and closes it by keys.
pub fn wrong_drawer(window: &Window) -> Result<(), String> {
    window.wait_until_drawn();
    enter(window, ".menu")?;
    window.press(TAB);
    if !is_inside(window, "nav.navigation") {
        return Err("the focus does not go into the drawer".to_owned());
    }
    window.press(ENTER);
    let is_open = "const drawer = document.querySelector('nav.navigation');\
        return drawer.matches(':target') || drawer.classList.contains('open')";
    if window.run(is_open, &json!([])) == json!(false) {
        Ok(())
    } else {
        Err("the first link does not close it".to_owned())
    }
}

#[test]
fn keys_open_and_close_the_drawer() {
    let (site, driver) = (Site::on_disk(), Driver::start());
    let window = driver.window();
    let mut report = Report::default();
    for_every_look(&window, &site.pages_with_sidebar(), |place: &Place| {
        if WITH_DRAWER.contains(&place.1.width) {
            window.open(&place.0.url);
            report.add(place, wrong_drawer(&window).err().into_iter().collect());
        }
    });
    report.assert_empty();
}
