# The program of release @VERSION@, for Homebrew: made by the release, not by hand.
class NotesSite < Formula
  desc "Site of a folder of Markdown study notes"
  homepage "https://github.com/@REPOSITORY@"
  version "@VERSION@"
  license "MIT"

  on_macos do
    on_arm do
      url "https://github.com/@REPOSITORY@/releases/download/v@VERSION@/notes-v@VERSION@-aarch64-apple-darwin.tar.gz"
      sha256 "@SUM aarch64-apple-darwin@"
    end
    on_intel do
      url "https://github.com/@REPOSITORY@/releases/download/v@VERSION@/notes-v@VERSION@-x86_64-apple-darwin.tar.gz"
      sha256 "@SUM x86_64-apple-darwin@"
    end
  end

  on_linux do
    on_arm do
      url "https://github.com/@REPOSITORY@/releases/download/v@VERSION@/notes-v@VERSION@-aarch64-unknown-linux-gnu.tar.gz"
      sha256 "@SUM aarch64-unknown-linux-gnu@"
    end
    on_intel do
      url "https://github.com/@REPOSITORY@/releases/download/v@VERSION@/notes-v@VERSION@-x86_64-unknown-linux-gnu.tar.gz"
      sha256 "@SUM x86_64-unknown-linux-gnu@"
    end
  end

  def install
    bin.install "notes"
    man1.install Dir["man/*.1"]
    bash_completion.install "completions/notes.bash" => "notes"
    zsh_completion.install "completions/notes.zsh" => "_notes"
    fish_completion.install "completions/notes.fish"
  end

  test do
    (testpath/"a.md").write "# A\n"
    system bin/"notes", "build", testpath
    assert_path_exists testpath/"site/a.html"
  end
end
