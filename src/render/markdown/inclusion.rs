//! `{{part "partials/card" card=this}}`: a template inside another.
//!
//! The built-in `{{> …}}` copies everything that is in scope for each use, parameters several times: with a thousand
//! apps, most of the time and memory of a report. This passes places, not copies.

use super::helpers::{present, wanted};
use crate::limits::fixed::TEMPLATE_PARTS;
use handlebars::{
    BlockContext, BlockParams, Context, Handlebars, Helper, HelperDef, HelperResult, Output, PathAndJson,
    RenderContext, RenderErrorReason, Renderable,
};
use std::cell::Cell;

thread_local! {
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// One level of nesting, given back however rendering ends.
struct Level;

impl Level {
    fn enter() -> Option<Self> {
        let depth = DEPTH.get();
        (depth < TEMPLATE_PARTS).then(|| {
            DEPTH.set(depth + 1);
            Self
        })
    }
}

impl Drop for Level {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get().saturating_sub(1));
    }
}

pub(super) struct Part;

impl HelperDef for Part {
    fn call<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        r: &'reg Handlebars<'reg>,
        ctx: &'rc Context,
        rc: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let name = wanted(h, "part")?.value().as_str().unwrap_or_default();
        let template = r.get_template(name).ok_or_else(|| RenderErrorReason::PartialNotFound(name.to_owned()))?;
        let _level = Level::enter().ok_or_else(|| {
            RenderErrorReason::Other(format!("`{name}` is nested more than {TEMPLATE_PARTS} deep: a circle?"))
        })?;
        let mut block = BlockContext::new();
        if let Some(around) = rc.block() {
            *block.base_path_mut() = around.base_path().clone();
            block.local_variables_mut().clone_from(around.local_variables());
            if let Some(value) = around.base_value() {
                block.set_base_value(value.clone());
            }
        }
        let mut params = BlockParams::new();
        for (name, value) in h.hash() {
            present(value)?;
            match below(value, block.base_path()) {
                Some(path) => params.add_path(name, path)?,
                None => params.add_value(name, value.value().clone())?,
            }
        }
        block.set_block_params(params);
        rc.push_block(block);
        let written = template.render(r, ctx, rc, out);
        rc.pop_block();
        written
    }
}

/// The place of a value from a base on, if it lies below it.
fn below(value: &PathAndJson<'_>, base: &[String]) -> Option<Vec<String>> {
    value.context_path()?.strip_prefix(base).map(<[String]>::to_vec)
}
