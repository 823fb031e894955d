//! Handlebars helpers: strict `if`, `unless` and `each`, words, code spans.
//!
//! The built-in blocks take a misspelt field for an empty one, so a typo in a template would drop a
//! section without a word. These do not.

use super::inclusion::Part;
use crate::text::escape;
use crate::text::message::{Arg, Message};
use crate::text::wording::Wording;
use crate::view::words::anchor;
use handlebars::{
    BlockContext, BlockParams, Context, Handlebars, Helper, HelperDef, HelperResult, JsonRender, JsonTruthy, JsonValue,
    Output, PathAndJson, RenderContext, RenderError, RenderErrorReason, Renderable, ScopedJson, to_json,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but letters, digits and three marks is percent-encoded in a link.
const IN_NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');

/// Registers everything that templates can use beside fields.
pub(super) fn register(engine: &mut Handlebars<'static>, wording: &Wording) {
    engine.register_escape_fn(escape::markdown);
    engine.register_helper("if", Box::new(When { positive: true }));
    engine.register_helper("unless", Box::new(When { positive: false }));
    engine.register_helper("each", Box::new(Each));
    for (name, write) in [
        ("code", escape::code as fn(&str) -> String),
        ("cellcode", escape::cell_code),
        ("anchor", anchor),
        ("url", url),
        ("href", href),
    ] {
        let markup = Markup(move |h: &Helper<'_>| Ok(write(&wanted(h, name)?.value().render())));
        engine.register_helper(name, Box::new(markup));
    }
    let wording = wording.clone();
    engine.register_helper("t", Box::new(Value(move |h: &Helper<'_>| say(&wording, h))));
    engine.register_helper("block", Box::new(Markup(block)));
    engine.register_helper("section", Box::new(Value(section)));
    engine.register_helper("deployment", Box::new(Value(deployment)));
    engine.register_helper("eq", Box::new(Value(equal)));
    engine.register_helper("part", Box::new(Part));
    engine.register_helper("path", Box::new(Value(path)));
    engine.register_helper("repeat", Box::new(Markup(repeat)));
}

/// First parameter; an error when there is none or when its path leads nowhere.
pub(super) fn wanted<'h, 'rc>(h: &'h Helper<'rc>, name: &'static str) -> Result<&'h PathAndJson<'rc>, RenderError> {
    let param = h.param(0).ok_or(RenderErrorReason::ParamNotFoundForIndex(name, 0))?;
    present(param)?;
    Ok(param)
}

fn second<'h, 'rc>(h: &'h Helper<'rc>, name: &'static str) -> Result<&'h PathAndJson<'rc>, RenderError> {
    let param = h.param(1).ok_or(RenderErrorReason::ParamNotFoundForIndex(name, 1))?;
    present(param)?;
    Ok(param)
}

pub(super) fn present(param: &PathAndJson<'_>) -> Result<(), RenderError> {
    if param.is_value_missing() {
        return Err(RenderErrorReason::MissingVariable(param.relative_path().cloned()).into());
    }
    Ok(())
}

struct When {
    positive: bool,
}

impl HelperDef for When {
    fn call<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        r: &'reg Handlebars<'reg>,
        ctx: &'rc Context,
        rc: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let truth = wanted(h, "if")?.value().is_truthy(false) == self.positive;
        let branch = if truth { h.template() } else { h.inverse() };
        branch.map_or(Ok(()), |template| template.render(r, ctx, rc, out))
    }
}

struct Each;

impl HelperDef for Each {
    fn call<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        r: &'reg Handlebars<'reg>,
        ctx: &'rc Context,
        rc: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let param = wanted(h, "each")?;
        let JsonValue::Array(list) = param.value() else {
            return Err(RenderErrorReason::InvalidParamType("list").into());
        };
        if list.is_empty() {
            return h.inverse().map_or(Ok(()), |template| template.render(r, ctx, rc, out));
        }
        let Some(template) = h.template() else { return Ok(()) };
        for (i, value) in list.iter().enumerate() {
            rc.push_block(item_block(h, param, i, list.len(), value)?);
            let written = template.render(r, ctx, rc, out);
            rc.pop_block();
            written?;
        }
        Ok(())
    }
}

/// The scope of one item: its path (so that `../` works), `@index`, `@number`, `@first`, `@last`, a block parameter.
fn item_block<'rc>(
    h: &Helper<'rc>,
    list: &PathAndJson<'rc>,
    i: usize,
    len: usize,
    value: &JsonValue,
) -> Result<BlockContext<'rc>, RenderError> {
    let mut block = BlockContext::new();
    block.set_local_var("index", to_json(i));
    block.set_local_var("number", to_json(i + 1));
    block.set_local_var("first", to_json(i == 0));
    block.set_local_var("last", to_json(i + 1 == len));
    let path = list.context_path().map(|base| base.iter().cloned().chain([i.to_string()]).collect::<Vec<_>>());
    match &path {
        Some(path) => *block.base_path_mut() = path.clone(),
        None => block.set_base_value(value.clone()),
    }
    if let Some(name) = h.block_param() {
        let mut params = BlockParams::new();
        match path {
            Some(_) => params.add_path(name, Vec::new())?,
            None => params.add_value(name, value.clone())?,
        }
        block.set_block_params(params);
    }
    Ok(block)
}

/// Markup made from parameters by a function that escapes them itself.
struct Markup<F>(F);

impl<F: Fn(&Helper<'_>) -> Result<String, RenderError> + Send + Sync> HelperDef for Markup<F> {
    fn call<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        Ok(out.write(&(self.0)(h)?)?)
    }
}

/// A value made from parameters, also for other helpers; it is escaped where it is written.
struct Value<F>(F);

impl<F: Fn(&Helper<'_>) -> Result<JsonValue, RenderError> + Send + Sync> HelperDef for Value<F> {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        Ok((self.0)(h)?.into())
    }
}

/// `{{t "key" name=value}}`: a text of the language catalogue.
fn say(wording: &Wording, h: &Helper<'_>) -> Result<JsonValue, RenderError> {
    let key = wanted(h, "t")?.value().render();
    if wording.raw(&key).is_none() {
        return Err(RenderErrorReason::Other(format!("no text `{key}` in the language catalogue")).into());
    }
    let mut message = Message::new(key);
    for (name, value) in h.hash() {
        present(value)?;
        let arg = match value.value() {
            JsonValue::Number(n) => n.as_u64().map_or_else(|| Arg::Text(n.to_string()), Arg::Number),
            JsonValue::Array(list) => Arg::List(list.iter().map(JsonRender::render).collect()),
            other => Arg::Text(other.render()),
        };
        message.args.insert((*name).to_owned(), arg);
    }
    Ok(JsonValue::String(wording.say(&message)))
}

/// `{{block "sql" text}}`: a fenced code block.
fn block(h: &Helper<'_>) -> Result<String, RenderError> {
    let language = wanted(h, "block")?.value().render();
    let text = second(h, "block")?;
    let language: String = language.chars().filter(char::is_ascii_alphanumeric).collect();
    Ok(escape::block(&language, &text.value().render()))
}

/// `{{block "sh" (deployment file)}}`: the commands that try a file out, and deploy it.
fn deployment(h: &Helper<'_>) -> Result<JsonValue, RenderError> {
    let file = escape::shell(&wanted(h, "deployment")?.value().render());
    let deploy = format!("sf project deploy start --source-dir {file} --target-org ORG");
    Ok(JsonValue::String(format!("{deploy} --dry-run\n{deploy}")))
}

/// `{{section contents "plan"}}`: the heading of a section, as the list of contents has it.
fn section(h: &Helper<'_>) -> Result<JsonValue, RenderError> {
    let (list, wanted) = (wanted(h, "section")?.value(), second(h, "section")?.value());
    let mut entries = list.as_array().into_iter().flatten();
    let found = entries.find(|entry| entry.get("anchor") == Some(wanted)).and_then(|entry| entry.get("heading"));
    let missing = || RenderErrorReason::Other(format!("no section `{}` in the contents", wanted.render()));
    Ok(found.cloned().ok_or_else(missing)?)
}

/// `{{#if (eq a b)}}`
fn equal(h: &Helper<'_>) -> Result<JsonValue, RenderError> {
    Ok(JsonValue::Bool(wanted(h, "eq")?.value() == second(h, "eq")?.value()))
}

/// `{{cellcode (path "orgs" key "report.md")}}`: parts joined by `/`.
fn path(h: &Helper<'_>) -> Result<JsonValue, RenderError> {
    h.params().iter().try_for_each(present)?;
    let parts: Vec<String> = h.params().iter().map(|p| p.value().render()).collect();
    Ok(JsonValue::String(parts.join("/")))
}

/// `{{repeat list "---|"}}`: a fixed text once for each item, for the delimiter row of a table.
fn repeat(h: &Helper<'_>) -> Result<String, RenderError> {
    let n = wanted(h, "repeat")?.value().as_array().map_or(0, Vec::len);
    let text = h.param(1).and_then(|p| p.value().as_str()).unwrap_or_default();
    Ok(text.chars().filter(|c| "-:|".contains(*c)).collect::<String>().repeat(n))
}

/// An `https` address for a link target; anything else becomes a place that leads nowhere.
fn url(text: &str) -> String {
    let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "-._~:/?#@!$&'*+,;=%".contains(c));
    if plain && text.starts_with("https://") { text.to_owned() } else { "#".to_owned() }
}

/// A relative path for a link target: everything but plain characters percent-encoded, no way out of the folder.
fn href(text: &str) -> String {
    let parts = text.split('/').filter(|part| !matches!(*part, "" | "." | ".."));
    parts.map(|part| utf8_percent_encode(part, IN_NAME).to_string()).collect::<Vec<_>>().join("/")
}
