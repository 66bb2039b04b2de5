#!/bin/sh
# Parts of the guide's page on migrating: each rewrites all notes below the folder it is run in.

# ANCHOR: find
grep -rniE '\{%|\{\{|^ *(!!!|\?\?\?|=== "|[?!]>|<<<|\[{1,2}toc\])' --include='*.md' .
# ANCHOR_END: find

# ANCHOR: gitbook
mv .gitbook/assets assets
find . -name '*.md' -exec perl -pi -e '
  s#\.gitbook/assets#assets#g;
  s/^\s*\{% tab title="(.*?)" %\}/**$1**\n/;
  s/^\s*\{% (?:end(?!hint)\w+|tabs|code|content-ref|stepper|step)\b.*?%\}[ \t]*$//' {} +
# ANCHOR_END: gitbook

# ANCHOR: docsify
find . -name '*.md' -exec perl -pi -e '
  s/^\?> */> [!NOTE]\n> /;
  s/^!> */> [!WARNING]\n> /;
  s/^(#+ .*?) +:id=(\S+)/$1 {#$2}/;
  s/(\]\([^)\s]*)\?id=/$1#/g;
  s/ \x27:[^\x27]*\x27\)/)/g' {} +
# ANCHOR_END: docsify

# ANCHOR: vue
mv public/* .    # VuePress: mv .vuepress/public/* .
find . -name '*.md' -exec perl -pi -e '
  s/^<!--\s*\@include:\s*(\S+?)\s*-->/{\{#include $1}}/;
  s/^<<<\s+(\.\S+?)(?:\{.*)?$/```\n{\{#include $1}}\n```/;
  s/^\s*\[\[toc\]\]\s*$//i' {} +
# ANCHOR_END: vue

# ANCHOR: hugo
find . -name '*.md' -exec perl -pi -e '
  s/\]\(\{\{[<%] *(?:rel)?ref +"([^"]+)" *[%>]\}\}\)/]($1)/g;
  s/\{\{[<%] *figure +src="([^"]+)"(?: +(?:title|caption|alt)="([^"]*)")?.*?[%>]\}\}/"![" . ($2 \/\/ "") . "]($1)"/ge' {} +
# ANCHOR_END: hugo

# ANCHOR: mkdocs
find . -name '*.md' -exec perl -0pi -e '
  s{^(!!!|\?\?\?\+?) *(\w+) *(?:"(.*)")?\n((?:(?: {4}.*)?\n)+)}{
    my ($mark, $kind, $title, $text) = ($1, $2, $3 // ucfirst $2, $4);
    $kind = $mark ne "!!!" ? "details" : $kind =~ /^(tip|warning|danger)$/ ? $kind : "note";
    $text =~ s/^ {4}//gm;
    $text =~ s/\s*\z/\n/;
    "::: $kind $title\n${text}:::\n\n"
  }gme;
  s{^=== "(.*)"\n((?:(?: {4}.*)?\n)+)}{
    my ($title, $text) = ($1, $2);
    $text =~ s/^ {4}//gm;
    "**$title**\n$text"
  }gme;
  s/^\[TOC\]\n//gm' {} +
# ANCHOR_END: mkdocs

# ANCHOR: aliases
find . -name '*.md' ! -name index.md ! -name _index.md ! -name README.md ! -name SUMMARY.md -exec perl -0pi -e '
  (my $old = $ARGV) =~ s{^\.(.*)\.md$}{$1/};
  s/\A---\n/---\naliases: ["$old"]\n/ or
    s/\A\+\+\+\n/+++\naliases = ["$old"]\n/ or
    s/\A/---\naliases: ["$old"]\n---\n\n/' {} +
# ANCHOR_END: aliases
