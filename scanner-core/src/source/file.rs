//! Files on disk, read from any place on.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::{ReadAt, Skip};

/// Opens a file that was seen to be a regular one. Should a pipe have taken its place meanwhile,
/// this does not wait for who writes into it.
pub(super) fn open_at_once(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
    }
    options.open(path)
}

/// Fills `buffer` from `offset` as far as the file goes.
pub(super) fn read_at(file: &File, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        let position = offset + filled as u64;
        match read_once(file, &mut buffer[filled..], position) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

#[cfg(unix)]
fn read_once(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_once(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

/// A range of a file, as if it were one of its own.
pub(super) struct FilePart {
    file: File,
    start: u64,
    bytes: u64,
    position: u64,
}

impl FilePart {
    /// `bytes` of the file at `path`, from `start` on.
    pub(super) fn open(path: &Path, start: u64, bytes: u64) -> io::Result<Self> {
        Ok(Self { file: File::open(path)?, start, bytes, position: 0 })
    }

    /// The whole regular file at `path`.
    pub(super) fn whole(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(io::Error::other("it is no regular file"));
        }
        Ok(Self { file, start: 0, bytes: metadata.len(), position: 0 })
    }
}

impl ReadAt for FilePart {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.bytes.saturating_sub(offset);
        let wanted = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        read_at(&self.file, self.start + offset, &mut buffer[..wanted])
    }
}

impl Read for FilePart {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = ReadAt::read_at(self, self.position, buffer)?;
        self.position += count as u64;
        Ok(count)
    }
}

impl Skip for FilePart {
    fn skip(&mut self, bytes: u64) -> io::Result<()> {
        let position = self.position.saturating_add(bytes);
        if position > self.bytes {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.position = position;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_ends_where_it_should() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, b"0123456789").unwrap();
        let mut part = FilePart::open(&path, 2, 6).unwrap();
        let mut buffer = [0; 4];
        assert_eq!(part.read_at(3, &mut buffer).unwrap(), 3);
        assert_eq!(&buffer[..3], b"567");
        part.skip(4).unwrap();
        assert_eq!(part.read(&mut buffer).unwrap(), 2);
        assert_eq!(&buffer[..2], b"67");
        assert_eq!(part.read(&mut buffer).unwrap(), 0);
        assert!(part.skip(1).is_err());
    }
}
