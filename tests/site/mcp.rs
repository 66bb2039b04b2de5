//! `notes mcp`: a session of messages, and messages that are none.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::{Value, json};

use crate::fixture::{Folder, program};

const NOTES: &str = r"
    -- README.md
    # 首页

    [Raft](共识/Raft.md)
    -- 共识/Raft.md
    ---
    tags: [x]
    ---
    # Raft

    开头。

    ## 选举

    ::: tip
    多数派投票，见[首页](../README.md)。
    :::

    ### 超时

    随机。

    ## 日志

    复制。
    -- 共识/Paxos.md
    # Paxos

    后来有了 Raft 这样的算法。
    -- 草.md
    ---
    draft: true
    ---
    # 草

    多数派
";

struct Session {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Session {
    fn start(folder: &Folder) -> Self {
        let mut command = program();
        command.arg("mcp").arg(folder.path()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let input = child.stdin.take();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self { child, input, output }
    }

    fn send(&mut self, line: &[u8]) {
        let input = self.input.as_mut().unwrap();
        input.write_all(line).unwrap();
        input.write_all(b"\n").unwrap();
        input.flush().unwrap();
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line
    }

    fn answer(&mut self) -> Value {
        let line = self.line();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
    }

    fn ask(&mut self, line: &str) -> Value {
        self.send(line.as_bytes());
        self.answer()
    }

    /// The text that a tool gives, and true if it is an error.
    fn call(&mut self, tool: &str, arguments: &Value) -> (String, bool) {
        let params = json!({ "name": tool, "arguments": arguments });
        let message =
            json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
        let result = &self.ask(&message.to_string())["result"];
        let text = result["content"][0]["text"].as_str().unwrap().to_owned();
        (text, result["isError"].as_bool().unwrap())
    }

    /// Ends the input; the program ends with it, without another word.
    fn end(mut self) {
        drop(self.input.take());
        let mut rest = String::new();
        self.output.read_line(&mut rest).unwrap();
        assert_eq!(rest, "");
        assert!(self.child.wait().unwrap().success());
    }
}

#[test]
fn a_session() {
    let folder = Folder::new(NOTES);
    let before = folder.read_all();
    let mut session = Session::start(&folder);
    for (wanted, spoken) in [
        ("2024-11-05", "2024-11-05"),
        ("2025-03-26", "2025-03-26"),
        ("2025-06-18", "2025-06-18"),
        ("1999-01-01", "2025-06-18"),
    ] {
        let params = json!({ "protocolVersion": wanted, "capabilities": {} });
        let message =
            json!({ "jsonrpc": "2.0", "id": "a", "method": "initialize", "params": params });
        let answer = session.ask(&message.to_string());
        assert_eq!((&answer["id"], &answer["jsonrpc"]), (&json!("a"), &json!("2.0")));
        let result = &answer["result"];
        assert_eq!(result["protocolVersion"], spoken);
        assert!(result["capabilities"]["tools"].is_object());
        assert_eq!(result["serverInfo"]["name"], "notes");
    }
    session.send(br#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#);
    let pong = session.ask(r#"{"jsonrpc":"2.0","id":2,"method":"ping"}"#);
    assert_eq!(pong, json!({ "jsonrpc": "2.0", "id": 2, "result": {} }));

    let tools = session.ask(r#"{"jsonrpc":"2.0","id":3,"method":"tools/list"}"#);
    let tools = tools["result"]["tools"].as_array().unwrap();
    let names: Vec<&str> = tools.iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["search", "read", "outline", "mentions"]);
    for tool in tools {
        assert_eq!(tool["inputSchema"]["type"], "object");
        assert_eq!(tool["annotations"]["readOnlyHint"], true);
    }

    let (found, _) = session.call("search", &json!({ "query": "多数派" }));
    assert_eq!(
        found,
        "- 共识 › Raft: `共识/Raft.md`\n  - 选举: `共识/Raft.md#选举`, line 11: 多数派投票，见首页。\n"
    );
    let (note, _) = session.call("read", &json!({ "path": "共识/Raft.md" }));
    assert!(note.starts_with("# Raft\n\n开头。\n\n## 选举\n\n> [!TIP]\n> 多数派"), "{note}");
    let section =
        "## 选举\n\n> [!TIP]\n> 多数派投票，见[首页](README.md)。\n\n### 超时\n\n随机。\n";
    for arguments in [
        json!({ "path": "共识/Raft.md#选举" }),
        json!({ "path": "共识/raft.md", "section": "选举" }),
    ] {
        assert_eq!(session.call("read", &arguments), (section.to_owned(), false));
    }
    let (contents, _) = session.call("outline", &json!({ "depth": 1 }));
    assert_eq!(contents, "- 首页: `README.md`\n- 共识: `共识` (2 notes)\n");
    let (contents, _) = session.call("outline", &json!({ "path": "共识" }));
    assert_eq!(contents, "- 共识: `共识`\n  - Paxos: `共识/Paxos.md`\n  - Raft: `共识/Raft.md`\n");
    let (headings, _) = session.call("outline", &json!({ "path": "共识/Raft.md" }));
    assert!(
        headings.ends_with("  - 选举 `#选举`\n    - 超时 `#超时`\n  - 日志 `#日志`\n"),
        "{headings}"
    );
    let (mentions, _) = session.call("mentions", &json!({ "path": "共识/Raft.md" }));
    // As on the page: the home page has links to all.
    assert_eq!(
        mentions,
        "Notes that name it:\n\n- Paxos: `共识/Paxos.md`: 后来有了 Raft 这样的算法。\n"
    );

    // An edit is there at the next call; nothing was written.
    assert_eq!(folder.read_all(), before);
    folder.write("共识/Raft.md", "# Raft\n\n换了\n".as_bytes());
    folder.write("new.md", "# 新\n".as_bytes());
    let (note, _) = session.call("read", &json!({ "path": "共识/Raft.md" }));
    assert_eq!(note, "# Raft\n\n换了\n");
    assert_eq!(session.call("read", &json!({ "path": "new.md" })), ("# 新\n".to_owned(), false));
    session.end();
}

#[test]
fn long_notes_are_read_in_pieces() {
    let text: String = (0..9_000).map(|line| format!("第 {line} 行\n\n")).collect();
    let folder = Folder::new(&format!("-- README.md\n# T\n-- a.md\n# A\n\n{text}"));
    let mut session = Session::start(&folder);
    let (mut whole, mut offset) = (String::new(), 0);
    loop {
        let (piece, is_error) = session.call("read", &json!({ "path": "a.md", "offset": offset }));
        assert!(!is_error && piece.len() < 41_000, "{piece}");
        let Some((before, note)) = piece.split_once("\n[") else {
            whole.push_str(&piece);
            break;
        };
        whole.push_str(before);
        let next = note.split_once(' ').unwrap().0.parse().unwrap();
        assert!(next > offset);
        offset = next;
    }
    assert_eq!(whole, format!("# A\n\n{}", text.trim_end().to_owned() + "\n"));
    session.end();
}

#[test]
fn nothing_breaks_a_session() {
    let folder = Folder::new(NOTES);
    std::fs::write(folder.path().with_file_name("secret.md"), "# 秘密").unwrap();
    let mut session = Session::start(&folder);
    let huge = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{}"}}"#, "x".repeat(3 << 20));
    let deep = "[".repeat(100_000);
    for (line, code) in [
        ("garbage", -32700),
        (r#"{"jsonrpc":"2.0","id":1,"#, -32700),
        (&huge, -32700),
        (&deep, -32700),
        ("[]", -32600),
        ("1", -32600),
        (r#"{"id":1,"method":"ping"}"#, -32600),
        (r#"{"jsonrpc":"2.0","id":1}"#, -32600),
        (r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, -32600),
        (r#"{"jsonrpc":"2.0","id":{"id":1},"method":"ping"}"#, -32600),
        (r#"{"jsonrpc":"2.0","id":true,"method":"ping"}"#, -32600),
        (r#"{"jsonrpc":"2.0","id":1,"method":"resources/list"}"#, -32601),
        (r#"{"jsonrpc":"2.0","id":1,"method":"tools/call"}"#, -32602),
        (r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"rm"}}"#, -32602),
    ] {
        let answer = session.ask(line);
        assert_eq!(answer["error"]["code"], code, "{}", &line[..line.len().min(80)]);
    }
    session.send(b"\xff\xfe");
    assert_eq!(session.answer()["error"]["code"], -32700);
    assert!(session.ask(r#"{"jsonrpc":"2.0","id":[1],"method":"ping"}"#)["id"].is_null());
    // Without an answer: empty lines, notifications, answers.
    session.send(b"");
    session.send(br#"{"jsonrpc":"2.0","method":"nothing"}"#);
    session.send(br#"{"jsonrpc":"2.0","id":1,"result":{}}"#);
    session.send(br#"{"jsonrpc":"2.0","id":null,"error":{}}"#);
    let batch = r#"[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":"x"}]"#;
    assert_eq!(session.ask(batch), json!([{ "jsonrpc": "2.0", "id": 1, "result": {} }]));
    for (tool, arguments) in [
        ("read", json!({ "path": "../../etc/passwd" })),
        ("read", json!({ "path": "/etc/passwd" })),
        ("read", json!({ "path": "../secret.md" })),
        ("read", json!({ "path": "共识/../../secret.md" })),
        ("read", json!({ "path": "草.md" })),
        ("read", json!({ "path": "notes.yaml" })),
        ("read", json!({ "path": "" })),
        ("read", json!({ "path": 1 })),
        ("read", json!({})),
        ("read", json!({ "path": "README.md", "section": "nothing" })),
        ("read", json!({ "path": "README.md", "offset": 3 })),
        ("read", json!({ "path": "README.md", "offset": 99_999 })),
        ("read", json!({ "path": "README.md", "offset": -1 })),
        ("search", json!([])),
        ("search", json!({ "query": null })),
        ("search", json!({ "query": "x", "limit": 0 })),
        ("search", json!({ "query": "x", "limit": 1.5 })),
        ("search", json!({ "query": "x", "limit": 1e300 })),
        ("outline", json!({ "path": "../.." })),
        ("mentions", json!({ "path": "x" })),
    ] {
        let (text, is_error) = session.call(tool, &arguments);
        assert!(is_error && !text.contains("秘密"), "{tool} {arguments}: {text}");
    }
    // Settings with a mistake: said, and over once they are right.
    folder.write("notes.yaml", b"title: [");
    assert!(session.call("outline", &json!({})).1);
    folder.write("notes.yaml", b"title: T");
    assert!(!session.call("outline", &json!({})).1);
    session.end();
}

#[test]
fn numbers_stay_as_they_are_written() {
    let folder = Folder::new(NOTES);
    let mut session = Session::start(&folder);
    for id in ["123456789012345678901234567890", "1.50", "-1", r#""\u4e00""#] {
        let message = format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"ping"}}"#);
        let answer = format!("{{\"jsonrpc\":\"2.0\",\"id\":{id},\"result\":{{}}}}\n");
        session.send(message.as_bytes());
        assert_eq!(session.line(), answer);
        session.send(format!("[{message}]").as_bytes());
        assert_eq!(session.line(), format!("[{}]\n", answer.trim_end()));
    }
    let found = session.call("search", &json!({ "query": "多数派", "limit": 5.0 }));
    assert!(found.0.contains("选举") && !found.1, "{found:?}");
    let (problem, _) = session.call("search", &json!({ "query": "x", "limit": 0 }));
    assert_eq!(problem, "`limit` must be a whole number from 1");
    session.end();
}

#[test]
fn a_long_line_is_cut() {
    let folder =
        Folder::new(&format!("-- README.md\n# T\n-- a.md\n# A\n\n{}\n", "字".repeat(30_000)));
    let mut session = Session::start(&folder);
    let (piece, _) = session.call("read", &json!({ "path": "a.md" }));
    assert!((39_000..41_000).contains(&piece.len()), "{}", piece.len());
    session.end();
}

#[test]
fn outlines_have_all_notes() {
    let folder = Folder::new(
        "-- README.md\n# T\n-- README_EN.md\n# T\n-- a/b.md\n# B\n-- a/b.en.md\n# B in English\n",
    );
    let mut session = Session::start(&folder);
    let home = "- T: `README.md`, English: `README_EN.md`\n";
    for (arguments, expected) in [
        (json!({ "depth": 1 }), format!("{home}- a: `a` (1 note)\n")),
        (json!({}), format!("{home}- a: `a`\n  - B: `a/b.md`, English: `a/b.en.md`\n")),
    ] {
        assert_eq!(session.call("outline", &arguments), (expected, false));
    }
    session.end();
}

#[test]
fn links_into_other_books_lead_to_their_notes() {
    let folder = Folder::new(
        "-- notes.yaml\nbooks: [one, two]\n-- README.md\n# L\n\n[one](one/) [x](one/x.md#y)\n\
         -- one/README.md\n# One\n-- one/x.md\n# X\n\n## Y\n\n[Z](../two/a/z.md) [f](../two/f.pdf) \
         [g](../two/none.md)\n-- two/a/z.md\n# Z\n\n[L](../../one/x.md)\n-- two/f.pdf\nx\n",
    );
    let mut session = Session::start(&folder);
    for (path, expected) in [
        ("README.md", "# L\n\n[one](one/README.md) [x](one/x.md#y)\n"),
        ("one/x.md", "# X\n\n## Y\n\n[Z](two/a/z.md) [f](two/f.pdf) g\n"),
        ("two/a/z.md", "# Z\n\n[L](one/x.md)\n"),
    ] {
        let note = session.call("read", &json!({ "path": path }));
        assert_eq!(note, (expected.to_owned(), false), "{path}");
    }
    for path in ["one", "one/"] {
        let (contents, _) = session.call("outline", &json!({ "path": path }));
        assert_eq!(contents, "- One: `one/README.md`\n- X: `one/x.md`\n", "{path}");
    }
    let (contents, _) = session.call("outline", &json!({ "path": "two/a" }));
    assert!(contents.contains("`two/a/z.md`"), "{contents}");
    session.end();
}

#[test]
fn mentions_that_pages_do_not_show_are_given() {
    let folder = Folder::new(
        "-- notes.yaml\nmentions: false\n-- README.md\n# T\n-- a.md\n# A\n-- b.md\n# B\n\n[A](a.md)\n",
    );
    let mut session = Session::start(&folder);
    let (mentions, _) = session.call("mentions", &json!({ "path": "a.md" }));
    assert_eq!(mentions, "Notes that link here:\n\n- B: `b.md`\n");
    session.end();
}

#[test]
fn a_section_has_its_footnotes() {
    let folder = Folder::new("-- README.md\n# T\n\n## A\n\na[^1]\n\n## B\n\nb\n\n[^1]: c\n");
    let mut session = Session::start(&folder);
    let (section, _) = session.call("read", &json!({ "path": "README.md#a" }));
    assert_eq!(section, "## A\n\na[^1]\n\n[^1]: c\n");
    session.end();
}

#[test]
fn a_folder_that_is_none_is_refused() {
    let output = program().args(["mcp", "/nowhere"]).stdin(Stdio::null()).output().unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
}
