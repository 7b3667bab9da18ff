//! GGUF files of a few hundred bytes, of any version and byte order, well formed or not.

/// The order of the bytes in every number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Endian {
    /// Least significant first.
    Little,
    /// Most significant first.
    Big,
}

/// A metadata value.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// Type 0.
    U8(u8),
    /// Type 1.
    I8(i8),
    /// Type 2.
    U16(u16),
    /// Type 3.
    I16(i16),
    /// Type 4.
    U32(u32),
    /// Type 5.
    I32(i32),
    /// Type 6.
    F32(f32),
    /// Type 7, as the byte that is written.
    Bool(u8),
    /// Type 8.
    Text(Vec<u8>),
    /// Type 9: the type of the elements and the elements.
    Array(u32, Vec<Value>),
    /// Type 10.
    U64(u64),
    /// Type 11.
    I64(i64),
    /// Type 12.
    F64(f64),
    /// Any type id with any bytes.
    Raw(u32, Vec<u8>),
}

impl Value {
    /// A text.
    pub fn text(text: &str) -> Self {
        Self::Text(text.as_bytes().to_vec())
    }

    /// An array of texts.
    pub fn texts(texts: &[&str]) -> Self {
        Self::Array(8, texts.iter().map(|text| Self::text(text)).collect())
    }

    const fn type_id(&self) -> u32 {
        match self {
            Self::U8(_) => 0,
            Self::I8(_) => 1,
            Self::U16(_) => 2,
            Self::I16(_) => 3,
            Self::U32(_) => 4,
            Self::I32(_) => 5,
            Self::F32(_) => 6,
            Self::Bool(_) => 7,
            Self::Text(_) => 8,
            Self::Array(..) => 9,
            Self::U64(_) => 10,
            Self::I64(_) => 11,
            Self::F64(_) => 12,
            Self::Raw(id, _) => *id,
        }
    }
}

/// A tensor description.
#[derive(Clone, PartialEq, Debug)]
struct Description {
    name: Vec<u8>,
    /// Innermost first, as in the file.
    dimensions: Vec<u64>,
    type_id: u32,
    offset: u64,
}

/// Builds a GGUF file.
#[derive(Clone, Debug)]
pub struct GgufBuilder {
    version: u32,
    endian: Endian,
    alignment: usize,
    keys: Vec<(Vec<u8>, Value)>,
    tensors: Vec<Description>,
    data: Vec<u8>,
    announced_keys: Option<u64>,
    announced_tensors: Option<u64>,
}

impl Default for GgufBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl GgufBuilder {
    /// A little-endian file of version 3 without keys and tensors.
    pub const fn new() -> Self {
        Self {
            version: 3,
            endian: Endian::Little,
            alignment: 32,
            keys: Vec::new(),
            tensors: Vec::new(),
            data: Vec::new(),
            announced_keys: None,
            announced_tensors: None,
        }
    }

    /// Sets the version.
    #[must_use]
    pub const fn version(mut self, version: u32) -> Self {
        self.version = version;
        self
    }

    /// Sets the byte order.
    #[must_use]
    pub const fn endian(mut self, endian: Endian) -> Self {
        self.endian = endian;
        self
    }

    /// Pads to another alignment, without saying so in the file.
    #[must_use]
    pub const fn alignment(mut self, alignment: usize) -> Self {
        self.alignment = alignment;
        self
    }

    /// Announces another number of keys than there are.
    #[must_use]
    pub const fn announce_keys(mut self, count: u64) -> Self {
        self.announced_keys = Some(count);
        self
    }

    /// Announces another number of tensors than there are.
    #[must_use]
    pub const fn announce_tensors(mut self, count: u64) -> Self {
        self.announced_tensors = Some(count);
        self
    }

    /// Adds a key.
    #[must_use]
    pub fn key(mut self, key: &str, value: Value) -> Self {
        self.keys.push((key.as_bytes().to_vec(), value));
        self
    }

    /// Adds a key of any bytes.
    #[must_use]
    pub fn raw_key(mut self, key: &[u8], value: Value) -> Self {
        self.keys.push((key.to_vec(), value));
        self
    }

    /// Adds a key with a text.
    #[must_use]
    pub fn text(self, key: &str, value: &str) -> Self {
        self.key(key, Value::text(value))
    }

    /// Adds a tensor whose bytes follow those of the tensor before, padded.
    #[must_use]
    pub fn tensor(mut self, name: &str, dimensions: &[u64], type_id: u32, bytes: &[u8]) -> Self {
        let offset = self.data.len() as u64;
        self.data.extend_from_slice(bytes);
        self.data.resize(self.data.len().next_multiple_of(self.alignment), 0);
        self.described(name, dimensions, type_id, offset)
    }

    /// Adds the description of a tensor without bytes of its own.
    #[must_use]
    pub fn described(mut self, name: &str, dimensions: &[u64], type_id: u32, offset: u64) -> Self {
        self.tensors.push(Description {
            name: name.as_bytes().to_vec(),
            dimensions: dimensions.to_vec(),
            type_id,
            offset,
        });
        self
    }

    /// Adds bytes behind the data of the tensors.
    #[must_use]
    pub fn data(mut self, bytes: &[u8]) -> Self {
        self.data.extend_from_slice(bytes);
        self
    }

    /// The file from its first byte to the end of the tensor descriptions.
    pub fn header(&self) -> Vec<u8> {
        let mut file = b"GGUF".to_vec();
        self.put(&mut file, 4, self.version.into());
        self.put_word(&mut file, self.announced_tensors.unwrap_or(self.tensors.len() as u64));
        self.put_word(&mut file, self.announced_keys.unwrap_or(self.keys.len() as u64));
        for (key, value) in &self.keys {
            self.put_text(&mut file, key);
            self.put(&mut file, 4, value.type_id().into());
            self.put_value(&mut file, value);
        }
        for tensor in &self.tensors {
            self.put_text(&mut file, &tensor.name);
            self.put(&mut file, 4, tensor.dimensions.len() as u64);
            for dimension in &tensor.dimensions {
                self.put_word(&mut file, *dimension);
            }
            self.put(&mut file, 4, tensor.type_id.into());
            self.put(&mut file, 8, tensor.offset);
        }
        file
    }

    /// The file.
    pub fn build(&self) -> Vec<u8> {
        let mut file = self.header();
        if !self.tensors.is_empty() {
            file.resize(file.len().next_multiple_of(self.alignment), 0);
        }
        file.extend_from_slice(&self.data);
        file
    }

    fn put(&self, file: &mut Vec<u8>, width: usize, number: u64) {
        match self.endian {
            Endian::Little => file.extend_from_slice(&number.to_le_bytes()[..width]),
            Endian::Big => file.extend_from_slice(&number.to_be_bytes()[8 - width..]),
        }
    }

    fn put_word(&self, file: &mut Vec<u8>, number: u64) {
        self.put(file, if self.version == 1 { 4 } else { 8 }, number);
    }

    fn put_text(&self, file: &mut Vec<u8>, text: &[u8]) {
        self.put_word(file, text.len() as u64);
        file.extend_from_slice(text);
    }

    fn put_value(&self, file: &mut Vec<u8>, value: &Value) {
        match value {
            Value::U8(number) | Value::Bool(number) => file.push(*number),
            Value::I8(number) => file.push(number.cast_unsigned()),
            Value::U16(number) => self.put(file, 2, (*number).into()),
            Value::I16(number) => self.put(file, 2, number.cast_unsigned().into()),
            Value::U32(number) => self.put(file, 4, (*number).into()),
            Value::I32(number) => self.put(file, 4, number.cast_unsigned().into()),
            Value::F32(number) => self.put(file, 4, number.to_bits().into()),
            Value::U64(number) => self.put(file, 8, *number),
            Value::I64(number) => self.put(file, 8, number.cast_unsigned()),
            Value::F64(number) => self.put(file, 8, number.to_bits()),
            Value::Text(text) => self.put_text(file, text),
            Value::Raw(_, bytes) => file.extend_from_slice(bytes),
            Value::Array(element, items) => {
                self.put(file, 4, (*element).into());
                self.put_word(file, items.len() as u64);
                for item in items {
                    self.put_value(file, item);
                }
            }
        }
    }
}
