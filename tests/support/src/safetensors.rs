//! Safetensors files of a few hundred bytes, well formed or not.

/// Builds a safetensors file, tensor after tensor.
#[derive(Clone, Debug, Default)]
pub struct SafetensorsBuilder {
    entries: Vec<String>,
    data: Vec<u8>,
    padding: usize,
}

impl SafetensorsBuilder {
    /// A file without tensors.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `__metadata__` with string values.
    #[must_use]
    pub fn metadata(self, pairs: &[(&str, &str)]) -> Self {
        let pairs: Vec<String> =
            pairs.iter().map(|(key, value)| format!("{}:{}", quoted(key), quoted(value))).collect();
        self.raw(&format!("\"__metadata__\":{{{}}}", pairs.join(",")))
    }

    /// Adds a tensor whose bytes follow those of the tensor before.
    #[must_use]
    pub fn tensor(mut self, name: &str, dtype: &str, shape: &[u64], bytes: &[u8]) -> Self {
        let start = self.data.len();
        self.data.extend_from_slice(bytes);
        let entry = format!(
            "{}:{{\"dtype\":{},\"shape\":{shape:?},\"data_offsets\":[{start},{}]}}",
            quoted(name),
            quoted(dtype),
            self.data.len()
        );
        self.raw(&entry)
    }

    /// Adds an entry of the header as it stands: `"name":value`.
    #[must_use]
    pub fn raw(mut self, entry: &str) -> Self {
        self.entries.push(entry.to_owned());
        self
    }

    /// Adds bytes to the data that no tensor owns.
    #[must_use]
    pub fn data(mut self, bytes: &[u8]) -> Self {
        self.data.extend_from_slice(bytes);
        self
    }

    /// Ends the header in this many spaces.
    #[must_use]
    pub fn padding(mut self, spaces: usize) -> Self {
        self.padding = spaces;
        self
    }

    /// The file.
    pub fn build(&self) -> Vec<u8> {
        let header = format!("{{{}}}{}", self.entries.join(","), " ".repeat(self.padding));
        with_header(header.as_bytes(), &self.data)
    }
}

/// A file with any bytes for a header.
pub fn with_header(header: &[u8], data: &[u8]) -> Vec<u8> {
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend_from_slice(header);
    file.extend_from_slice(data);
    file
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
