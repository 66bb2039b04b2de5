//! The examples at the end of the help of each command.
//!
//! Must not know: the arguments.

pub(super) const INIT: &str = "\
Examples:
  notes init my-notes                       Settings for existing notes, or a few notes to start with
  notes init --github-pages                 With the workflow that publishes them on GitHub Pages
  notes init --library my-library           One site of the repositories in my-library
  notes init --library my-library --book https://github.com/me/A-Notes
                                            The same for repositories that are not cloned yet";
pub(super) const BUILD: &str = "\
Examples:
  notes build my-notes                      The site goes to my-notes/site
  notes build my-notes -o public            The site goes to public
  notes build --base-url https://example.org/notes/ --strict
                                            As in a workflow that publishes the site";
pub(super) const SERVE: &str = "\
Examples:
  notes serve my-notes --open               In a browser, with live reload
  notes serve --follow                      The browser follows the edits
  notes serve --host 0.0.0.0 --port 8000    For everyone on the network";
pub(super) const SEARCH: &str = "\
Examples:
  notes search 一致性 my-notes              Sections that contain these characters
  notes search '\"two phase\" commit'        A phrase and a word
  notes search raft --json                  For programs";
pub(super) const CARDS: &str = "\
Examples:
  notes cards my-notes -o cards.txt         To be imported by Anki, again after each edit
  notes cards my-notes | less               To look at";
pub(super) const EPUB: &str = "\
Examples:
  notes epub my-notes                       One book of all notes, named after the site
  notes epub my-notes --part Databases      A part of the navigation
  notes epub my-notes -o book.epub          Another file";
pub(super) const PDF: &str = "\
Examples:
  notes pdf my-notes                        All notes, with the program that is found
  notes pdf my-notes --part Databases       A part of the navigation
  notes pdf my-notes --paper a5 -o book.pdf
                                            Smaller sheets, another file
  notes pdf --program google-chrome         With this browser";
pub(super) const MCP: &str = "\
Examples:
  notes mcp my-notes                        For an assistant, which starts it by this command
  claude mcp add notes -- notes mcp /path/to/my-notes
                                            Adds it to Claude Code";
pub(super) const CHECK: &str = "\
Examples:
  notes check my-notes                      Problems with their lines
  notes check --strict --format github      In a workflow
  notes check --fix                         Shows the fixes, and asks
  notes check --external                    Checks links to other sites too";
pub(super) const IMAGES: &str = "\
Examples:
  notes images my-notes                     Lists the images of other sites by host
  notes images --ask                        Asks the hosts which of them still exist
  notes images --fetch --host sinaimg.cn    Fetches those of a host, and shows the changes
  notes images --fetch --write              Keeps all of them, and changes the notes
  notes images --undo --write               Gives the notes their addresses back";
pub(super) const EXPLAIN: &str = "\
Examples:
  notes explain                             All codes
  notes explain dead-link                   One code";
pub(super) const COMPLETIONS: &str = "\
Examples:
  notes completions bash > ~/.local/share/bash-completion/completions/notes
  notes completions fish > ~/.config/fish/completions/notes.fish";
pub(super) const MANUAL: &str = "\
Examples:
  notes manual > notes.1
  notes manual check | man -l -";
