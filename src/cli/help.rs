//! The command line → its help and the errors of its parser, in a language.
//!
//! Must not know: the commands.

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command};

use crate::phrase::{Argument, Language, Phrase, phrase};

/// A command with its commands and options in a language.
pub(super) fn translated(mut command: Command, language: Language) -> Command {
    if language == Language::English {
        return command;
    }
    // Gives it the options and the command that the parser adds.
    command.build();
    translated_parts(command, language)
}

fn translated_parts(command: Command, language: Language) -> Command {
    let in_language = |text: &StyledStr| language.translated(&text.to_string()).to_owned();
    let about = command.get_about().map(in_language);
    let after_help = command.get_after_help().map(in_language);
    let mut command = command;
    let (usage, template) = (usage_line(&mut command, language), template(&command, language));
    let mut command = command
        .override_usage(usage)
        .help_template(template)
        .mut_args(|argument| translated_argument(argument, language))
        .mut_subcommands(|inner| translated_parts(inner, language));
    if let Some(about) = about {
        command = command.about(about.clone()).long_about(about);
    }
    match after_help {
        Some(text) => command.after_help(text),
        None => command,
    }
}

/// The layout of the help: the parser's own has English words, and colons between Chinese ones.
fn template(command: &Command, language: Language) -> String {
    let mut arguments = command.get_arguments();
    let sections = [
        ("Commands:", "{subcommands}", command.has_subcommands()),
        ("Arguments:", "{positionals}", command.get_positionals().next().is_some()),
        ("Options:", "{options}", arguments.any(|argument| !argument.is_positional())),
    ];
    let sections = sections.into_iter().filter(|(.., is_used)| *is_used);
    let sections =
        sections.map(|(heading, tag, _)| format!("\n\n{}\n{tag}", language.translated(heading)));
    let usage = phrase!("Usage: ").text(language);
    format!(
        "{{about-with-newline}}\n{usage}{{usage}}{}{{after-help}}\n",
        sections.collect::<String>()
    )
}

/// The command with its arguments, as its help names them.
fn usage_line(command: &mut Command, language: Language) -> String {
    let usage = command.render_usage().to_string();
    let mut usage = usage.strip_prefix("Usage: ").unwrap_or(&usage).trim().to_owned();
    for word in ["[OPTIONS]", "<COMMAND>", "[COMMAND]"] {
        usage = usage.replace(word, language.translated(word));
    }
    usage
}

fn translated_argument(argument: Arg, language: Language) -> Arg {
    let mut help = String::new();
    if let Some(text) = argument.get_help() {
        help += language.translated(&text.to_string());
    }
    for fact in facts(&argument) {
        help += &fact.text(language);
    }
    argument
        .hide_default_value(true)
        .hide_possible_values(true)
        .hide_env(true)
        .help(help.clone())
        .long_help(help)
}

/// The facts about an argument that its help ends with.
fn facts(argument: &Arg) -> Vec<Phrase> {
    let mut facts = Vec::new();
    let takes_value = argument.get_action().takes_values();
    if let Some(value) = argument.get_default_values().first().filter(|_| takes_value) {
        facts.push(phrase!(" [default: {value}]", value = value.to_string_lossy()));
    }
    if let Some(name) = argument.get_env() {
        facts.push(phrase!(" [environment: {name}]", name = name.to_string_lossy()));
    }
    let possible = argument.get_possible_values();
    if takes_value && !possible.is_empty() {
        let values =
            Argument::verbatim(possible.iter().map(clap::builder::PossibleValue::get_name));
        facts.push(phrase!(" [one of {values}]", values));
    }
    facts
}

/// The texts of the help, of a command with its commands and options.
pub(super) fn texts(command: &Command) -> Vec<String> {
    let of_command = [command.get_about(), command.get_after_help()].into_iter().flatten();
    let of_arguments = command.get_arguments().filter_map(Arg::get_help);
    let mut texts: Vec<String> = of_command.chain(of_arguments).map(ToString::to_string).collect();
    texts.extend(command.get_subcommands().flat_map(self::texts));
    texts
}

/// The message and the help about arguments that the parser refuses; `None` for what is no mistake,
/// and for mistakes that have the parser's own words only.
pub(super) fn mistake(error: &clap::Error) -> Option<(Phrase, Phrase)> {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(ContextValue::Strings(texts)) => Some(texts.join(" ")),
        _ => None,
    };
    let option = text(ContextKind::InvalidArg);
    let message = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            phrase!("unknown command `{name}`", name = text(ContextKind::InvalidSubcommand)?)
        }
        ErrorKind::UnknownArgument => phrase!("unknown option `{option}`", option = option?),
        ErrorKind::InvalidValue => match text(ContextKind::InvalidValue) {
            Some(value) if !value.is_empty() => {
                phrase!("`{option}` cannot be `{value}`", option = option?, value)
            }
            _ => phrase!("`{option}` needs a value", option = option?),
        },
        ErrorKind::ValueValidation => return refused_value(error, &option?),
        ErrorKind::MissingRequiredArgument => phrase!("missing: {names}", names = option?),
        ErrorKind::ArgumentConflict => match text(ContextKind::PriorArg) {
            Some(other) => {
                phrase!("`{option}` cannot be used with `{other}`", option = option?, other)
            }
            None => return None,
        },
        _ => return None,
    };
    let suggested =
        [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
    let help = match suggested.into_iter().find_map(text) {
        Some(name) => phrase!("did you mean `{name}`?", name),
        None => match error.get(ContextKind::ValidValue) {
            Some(ContextValue::Strings(values)) if !values.is_empty() => {
                phrase!("write one of {names}", names = Argument::verbatim(values))
            }
            _ => usage(),
        },
    };
    Some((message, help))
}

fn usage() -> Phrase {
    phrase!("`notes --help` lists the commands, `notes COMMAND --help` the options of one")
}

/// The mistake in the value of an option, which has a reason of its own.
fn refused_value(error: &clap::Error, option: &str) -> Option<(Phrase, Phrase)> {
    let Some(ContextValue::String(value)) = error.get(ContextKind::InvalidValue) else {
        return None;
    };
    let source = std::error::Error::source(error)?;
    let reason = source.downcast_ref::<Phrase>().cloned();
    let reason = reason.unwrap_or_else(|| Phrase::verbatim(source.to_string()));
    Some((phrase!("`{option}` cannot be `{value}`: {reason}", option, value, reason), usage()))
}
