//! T
/// T
pub struct Theme;
/// b
pub const BUILTIN: &str = "";
/// e
#[derive(Debug, thiserror::Error)]
#[error("x")]
pub struct ThemeError;
#[allow(missing_docs)]
impl Theme {
    pub fn builtin() -> Result<Theme, ThemeError> {
        Ok(Theme)
    }
    pub fn parse(_t: &str, _r: &dyn Fn(&str) -> std::io::Result<Vec<u8>>) -> Result<Theme, ThemeError> {
        Ok(Theme)
    }
    pub fn with_fonts(self, _f: Vec<Vec<u8>>) -> Result<Theme, ThemeError> {
        Ok(self)
    }
}
