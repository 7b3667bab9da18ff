use std::io::{BufReader, Read};

use flowdown_test_support::tar::{Header, TarBuilder};
use proptest::prelude::*;

use super::{EntryKind, TarReader, is_start};

/// One line for each entry, and one for the error that ends the archive.
fn told(archive: &[u8]) -> Vec<String> {
    told_in(archive, 8 << 10)
}

fn told_in(archive: &[u8], piece: usize) -> Vec<String> {
    let mut tar = TarReader::new(BufReader::with_capacity(piece, archive));
    let mut lines = Vec::new();
    loop {
        match tar.next_entry() {
            Ok(None) => return lines,
            Ok(Some(entry)) => {
                let mut line = format!("{:?} {}", entry.kind, entry.path.escape_ascii());
                if entry.kind == EntryKind::File {
                    line += &format!(" {}", entry.size);
                }
                if !entry.link.is_empty() {
                    line += &format!(" -> {}", entry.link.escape_ascii());
                }
                if entry.size > 0 && entry.size < 1 << 20 {
                    let mut content = Vec::new();
                    match tar.content().read_to_end(&mut content) {
                        Ok(_) => line += &format!(" {}", shown(&content)),
                        Err(error) => line += &format!(" ! {error}"),
                    }
                }
                lines.push(line);
            }
            Err(error) => {
                lines.push(format!("! {error}"));
                return lines;
            }
        }
    }
}

/// Short content as it is, runs of zeros counted.
fn shown(content: &[u8]) -> String {
    let mut shown = String::new();
    for run in content.chunk_by(|left, right| (*left == 0) == (*right == 0)) {
        if run[0] == 0 {
            shown += &format!("[{}]", run.len());
        } else {
            shown += &run.escape_ascii().to_string();
        }
    }
    shown
}

#[track_caller]
fn check(archive: &[u8], expected: &[&str]) {
    assert_eq!(told(archive), expected);
}

/// An entry whose header is changed by `change`, with content.
fn odd(kind: u8, change: impl FnOnce(Header) -> Header, content: &[u8]) -> TarBuilder {
    let header = change(Header::new(kind, b"odd", content.len() as u64));
    TarBuilder::new().entry(&header, content)
}

#[test]
fn every_kind_of_entry() {
    let archive = TarBuilder::new()
        .folder("a/")
        .file("a/f", b"hello")
        .symlink("a/s", "../x")
        .hard_link("a/h", "a/f")
        .named(b'7', b"contiguous", b"", b"c")
        .named(b'3', b"device", b"", b"")
        .named(b'6', b"pipe", b"", b"")
        .named(b'V', b"label", b"", b"")
        .named(b'D', b"dump", b"", b"Yname\0")
        .file("empty", b"");
    let expected = [
        "Directory a/",
        "File a/f 5 hello",
        "Symlink a/s -> ../x",
        "HardLink a/h -> a/f",
        "File contiguous 1 c",
        "Special device",
        "Special pipe",
        "Unknown(86) label",
        "Directory dump",
        "File empty 0",
    ];
    check(&archive.clone().build(), &expected);
    // Every program reads an archive whose end was cut off.
    check(&archive.clone().unfinished(), &expected);
    check(&archive.raw(&[0; 512]).unfinished(), &expected);
    check(&[0; 1024], &[]);
    check(&[], &[]);
}

#[test]
fn any_pieces_give_the_same_entries() {
    let archive = TarBuilder::new()
        .file("a", &[b'x'; 700])
        .named(b'0', &[b'n'; 300], b"", b"y")
        .symlink("s", "t")
        .build();
    for piece in [1, 7, 511, 512, 513, 1024] {
        assert_eq!(told_in(&archive, piece), told(&archive));
    }
}

#[test]
fn content_that_is_not_read_is_passed_over() {
    let archive = TarBuilder::new().file("a", &[b'x'; 1500]).file("b", b"y").build();
    let mut tar = TarReader::new(&*archive);
    assert_eq!(tar.next_entry().unwrap().unwrap().offset, 512);
    tar.content().read_exact(&mut [0; 100]).unwrap();
    let second = tar.next_entry().unwrap().unwrap();
    assert_eq!((&*second.path, second.offset), (&b"b"[..], 512 + 1536 + 512));
    let mut content = String::new();
    tar.content().read_to_string(&mut content).unwrap();
    assert_eq!(content, "y");
    assert_eq!(tar.next_entry().unwrap(), None);
}

#[test]
fn names_come_from_where_programs_write_them() {
    let long = "n".repeat(150);
    let link = "t".repeat(200);
    let archive = TarBuilder::new().named(b'2', long.as_bytes(), link.as_bytes(), b"").build();
    check(&archive, &[&format!("Symlink {long} -> {link}")]);
    // The prefix of POSIX, which is shorter in headers of star and something else in those of GNU.
    check(&odd(b'0', |it| it.with(345, b"dir"), b"").build(), &["File dir/odd 0"]);
    check(&odd(b'0', |it| it.gnu().with(345, b"dir"), b"").build(), &["File odd 0"]);
    let star =
        |it: Header| it.with(345, &[b'p'; 155]).with(476, b"12345678901\0").with(508, b"tar\0");
    check(&odd(b'0', star, b"").build(), &[&format!("File {}/odd 0", "p".repeat(131))]);
    let records = |records: &[(&str, &[u8])]| {
        TarBuilder::new().records(b'x', records).file("short", b"").build()
    };
    check(&records(&[("path", b"long/\xff")]), &["File long/\\xff 0"]);
    // A record without a value takes back an earlier one.
    check(&records(&[("path", b"long"), ("path", b"")]), &["File short 0"]);
    check(&records(&[("path", b"a\0b")]), &["! a name in a PAX record has a zero byte"]);
    check(&records(&[("comment", b"path=x\n99 path=y\n")]), &["File short 0"]);
    // What is stated before one entry is not that of the next.
    let two = TarBuilder::new().records(b'x', &[("path", b"long")]).file("a", b"").file("b", b"");
    check(&two.build(), &["File long 0", "File b 0"]);
}

#[test]
fn a_name_that_ends_with_a_slash_is_a_folder_in_historic_archives() {
    let named = |kind| TarBuilder::new().named(kind, b"a/", b"", b"x").file("b", b"").build();
    check(&named(0), &["Directory a/", "File b 0"]);
    check(&named(b'0'), &["File a/ 1 x", "File b 0"]);
}

#[test]
fn sizes_in_every_notation() {
    // Links and devices may state a size; nothing of it is stored.
    for kind in *b"12345" {
        let archive = odd(kind, |it| it.sized(5000), b"").file("b", b"y").build();
        assert_eq!(told(&archive).last().map(String::as_str), Some("File b 1 y"), "{kind}");
    }
    check(&odd(b'0', |it| it.with(124, b"          2 "), b"ab").build(), &["File odd 2 ab"]);
    let binary = |it: Header| it.with(124, b"\x80\0\0\0\0\0\0\0\0\0\0\x02");
    check(&odd(b'0', binary, b"ab").build(), &["File odd 2 ab"]);
    let sized = |size| {
        let header = Header::new(b'0', b"odd", 0);
        TarBuilder::new().records(b'x', &[("size", size)]).entry(&header, b"ab").build()
    };
    check(&sized(b"2"), &["File odd 2 ab"]);
    let nine_gib = TarBuilder::new().entry(&Header::new(b'0', b"odd", 9 << 30), b"ab");
    let lines = told(&nine_gib.unfinished());
    assert_eq!(lines, ["File odd 9663676416", "! the archive ends within an entry"]);
}

#[test]
fn sizes_that_lie_are_refused() {
    let huge = "`\\x80\\x00\\x00\\x00\\x80\\x00\\x00\\x00\\x00\\x00\\x00\\x00` is no number of a tar header";
    let binary = |it: Header| it.with(124, b"\x80\0\0\0\x80\0\0\0\0\0\0\0");
    check(&odd(b'0', binary, b"").build(), &[&format!("! {huge}")]);
    let negative = |it: Header| it.with(124, &[0xff; 12]);
    assert!(told(&odd(b'0', negative, b"").build())[0].ends_with("is no number of a tar header"));
    let letters = |it: Header| it.with(124, b"0000000008x\0");
    check(&odd(b'0', letters, b"").build(), &["! `0000000008x\\x00` is no number of a tar header"]);
    for size in ["-1", "9223372036854775808", "1.5", "", "x"] {
        let archive =
            TarBuilder::new().records(b'x', &[("size", size.as_bytes())]).file("a", b"").build();
        let expected = if size.is_empty() {
            "File a 0".to_owned()
        } else {
            format!("! `{size}` is no number")
        };
        check(&archive, &[&expected]);
    }
    let largest = format!("{}", i64::MAX);
    let archive =
        TarBuilder::new().records(b'x', &[("size", largest.as_bytes())]).file("a", b"").build();
    check(&archive, &[&format!("File a {largest}"), "! the archive ends within an entry"]);
}

#[test]
fn records_of_any_length_but_the_right_one_are_refused() {
    let wrong = "! the length of a PAX record is wrong";
    let raw = |records: &[u8]| {
        let header = Header::new(b'x', b"x", records.len() as u64);
        TarBuilder::new().entry(&header, records).file("a", b"").build()
    };
    check(&raw(b"9 a=bcdef\n"), &[wrong]);
    check(&raw(b"99999999999999999999 a=b\n"), &[wrong]);
    check(&raw(b"9999 a=b\n"), &[wrong]);
    check(&raw(b"1 a=b\n"), &[wrong]);
    check(&raw(b"0 a=b\n"), &[wrong]);
    check(&raw(b"a=b\n"), &[wrong]);
    check(&raw(b"6 abc\n"), &["! a PAX record has no `=`"]);
    // Some writers pad the records with zeros.
    check(&raw(b"6 a=b\n\0\0\0"), &["File a 0"]);
    check(&raw(b""), &["File a 0"]);
}

#[test]
fn what_programs_disagree_on_is_refused() {
    // Go passes over records for all entries, GNU tar obeys them.
    let for_all =
        |records: &[(&str, &[u8])]| TarBuilder::new().records(b'g', records).file("a", b"").build();
    check(&for_all(&[("comment", b"a commit")]), &["File a 0"]);
    let alike = "! the archive names or sizes all of its entries alike";
    check(&for_all(&[("size", b"512")]), &[alike]);
    check(&for_all(&[("path", b"b")]), &[alike]);
    check(&for_all(&[("GNU.sparse.major", b"1")]), &[alike]);
    // GNU tar ends at one block of zeros, others go on.
    let gap = TarBuilder::new().file("a", b"").raw(&[0; 512]).file("b", b"").build();
    check(&gap, &["File a 0", "! a block of zeros stands between entries"]);
    let second = TarBuilder::new().file("a", b"").raw(&[0; 1024]).file("b", b"").build();
    check(&second, &["File a 0"]);
    // The name of GNU wins over that of POSIX.
    let both = TarBuilder::new()
        .named(b'L', b"l", b"", b"of-gnu\0")
        .records(b'x', &[("path", b"of-posix")])
        .file("a", b"");
    check(&both.build(), &["File of-gnu 0"]);
}

#[test]
fn names_and_records_of_one_entry_have_a_bound() {
    let huge = odd(b'L', |it| it.sized(1 << 40), b"").unfinished();
    assert!(told(&huge)[0].contains("names and records before one entry take `1099511627776`"));
    let name = vec![b'n'; 600_000];
    let archive =
        TarBuilder::new().named(b'L', b"l", b"", &name).named(b'K', b"l", b"", &name).build();
    assert!(told(&archive)[0].contains("names and records before one entry"));
}

#[test]
fn an_archive_that_is_cut_says_so() {
    let whole = TarBuilder::new()
        .records(b'x', &[("path", b"long")])
        .file("a", &[b'x'; 600])
        .file("b", b"y")
        .unfinished();
    // Behind each header and content an archive may end; padding is content of nobody.
    for length in 0..whole.len() {
        let lines = told(&whole[..length]);
        let is_cut = lines.iter().any(|line| line.contains("the archive ends within an entry"));
        let may_end = matches!(length, 0 | 2136..=2560 | 3073..);
        assert_eq!(is_cut, !may_end, "{length}: {lines:?}");
    }
}

/// A sparse file of GNU with these parts; `ab…` is what it stores.
fn gnu_sparse(parts: &[(u64, u64)], real_size: u64, stored: &[u8]) -> TarBuilder {
    let field = |(start, bytes): &(u64, u64)| format!("{start:011o}\0{bytes:011o}\0").into_bytes();
    let mut header = Header::new(b'S', b"holes", stored.len() as u64).gnu().number(483, real_size);
    for (index, part) in parts.iter().take(4).enumerate() {
        header = header.with(386 + 24 * index, &field(part));
    }
    let more: Vec<Vec<u8>> = parts.iter().skip(4).map(field).collect();
    header = header.with(482, &[u8::from(!more.is_empty())]);
    let mut archive = TarBuilder::new().raw(&header.block());
    let blocks: Vec<_> = more.chunks(21).collect();
    for (index, block) in blocks.iter().enumerate() {
        let mut bytes = block.concat();
        bytes.resize(512, 0);
        bytes[504] = u8::from(index + 1 < blocks.len());
        archive = archive.raw(&bytes);
    }
    archive.raw(stored).raw(&[0; 512][..stored.len().next_multiple_of(512) - stored.len()])
}

#[test]
fn holes_of_old_sparse_files_are_zeros() {
    let after = |archive: TarBuilder| archive.file("b", b"y").build();
    let two = gnu_sparse(&[(3, 2), (10, 1)], 12, b"abc");
    check(&after(two), &["File holes 12 [3]ab[5]c[1]", "File b 1 y"]);
    check(&after(gnu_sparse(&[(0, 1)], 1, b"a")), &["File holes 1 a", "File b 1 y"]);
    check(&after(gnu_sparse(&[(7, 0)], 7, b"")), &["File holes 7 [7]", "File b 1 y"]);
    let parts: Vec<(u64, u64)> = (0..60).map(|index| (index * 3, 1)).collect();
    let many = gnu_sparse(&parts, 180, &[b'x'; 60]);
    check(&after(many), &[&format!("File holes 180 {}", "x[2]".repeat(60)), "File b 1 y"]);
}

#[test]
fn parts_that_lie_are_refused() {
    let overlap = "! the parts of a sparse file overlap or pass its end";
    check(&gnu_sparse(&[(3, 2), (4, 1)], 12, b"abc").build(), &[overlap]);
    check(&gnu_sparse(&[(5, 1), (3, 1)], 12, b"ab").build(), &[overlap]);
    check(&gnu_sparse(&[(3, 2)], 4, b"ab").build(), &[overlap]);
    let more = "! a sparse file has parts of `3` bytes and stores `2`";
    check(&gnu_sparse(&[(0, 3)], 4, b"ab").build(), &[more]);
    let of_posix = odd(b'S', |it| it, b"").build();
    check(&of_posix, &["! a sparse file of GNU has a header that is not of GNU"]);
    let cut = gnu_sparse(&[(0, 1); 5], 1, b"").unfinished();
    check(&cut[..600], &["! the archive ends within an entry"]);
}

#[test]
fn holes_of_pax_sparse_files_are_zeros() {
    let with = |records: &[(&str, &[u8])], stored: &[u8]| {
        TarBuilder::new()
            .records(b'x', records)
            .file("GNUSparseFile.1/f", stored)
            .file("b", b"y")
            .build()
    };
    let expected = ["File f 12 [3]ab[5]c[1]", "File b 1 y"];
    let version_0_0: &[(&str, &[u8])] = &[
        ("path", b"f"),
        ("GNU.sparse.size", b"12"),
        ("GNU.sparse.numblocks", b"2"),
        ("GNU.sparse.offset", b"3"),
        ("GNU.sparse.numbytes", b"2"),
        ("GNU.sparse.offset", b"10"),
        ("GNU.sparse.numbytes", b"1"),
    ];
    check(&with(version_0_0, b"abc"), &expected);
    let version_0_1: &[(&str, &[u8])] = &[
        ("GNU.sparse.major", b"0"),
        ("GNU.sparse.minor", b"1"),
        ("GNU.sparse.name", b"f"),
        ("GNU.sparse.size", b"12"),
        ("GNU.sparse.map", b"3,2,10,1"),
    ];
    check(&with(version_0_1, b"abc"), &expected);
    let version_1: &[(&str, &[u8])] = &[
        ("GNU.sparse.major", b"1"),
        ("GNU.sparse.minor", b"0"),
        ("GNU.sparse.name", b"f"),
        ("GNU.sparse.realsize", b"12"),
    ];
    let with_map = |map: &[u8]| {
        let mut stored = map.to_vec();
        stored.resize(map.len().next_multiple_of(512), 0);
        [&stored, b"abc".as_slice()].concat()
    };
    check(&with(version_1, &with_map(b"2\n3\n2\n10\n1\n")), &expected);
    let map: String = (0..120).map(|index| format!("{}\n0\n", index % 3)).collect();
    let long = with_map(format!("122\n{map}3\n2\n10\n1\n").as_bytes());
    check(&with(version_1, &long), &expected);
    let too_long = "! the map of a sparse file has a number that is too long";
    let no_map = "! the map of a sparse file passes its end";
    check(&with(version_1, b"abc"), &[no_map]);
    check(&with(version_1, &with_map(b"70000\n3\n2\n")[..512]), &[too_long]);
    let unknown: &[(&str, &[u8])] = &[("GNU.sparse.major", b"2"), ("GNU.sparse.minor", b"0")];
    check(&with(unknown, b"abc"), &["! `2.0` is no version of sparse files"]);
}

#[test]
fn a_start_is_a_header_with_a_right_checksum() {
    let archive = TarBuilder::new().file("a", b"x").build();
    assert!(is_start(&archive));
    assert!(is_start(&Header::new(b'0', b"v7", 0).with(257, &[0; 8]).block()));
    assert!(!is_start(&archive[..511]));
    assert!(!is_start(&[0; 1024]));
    assert!(!is_start(&[b'x'; 512]));
}

#[test]
fn a_wrong_checksum_is_refused_and_a_signed_one_is_not() {
    let mut block = Header::new(b'0', b"caf\xe9", 0).block();
    // Historic programs summed signed bytes: each byte above 127 counts 256 less.
    let sum = u64::from_str_radix(std::str::from_utf8(&block[148..154]).unwrap(), 8).unwrap();
    block[148..154].copy_from_slice(format!("{:06o}", sum - 256).as_bytes());
    check(&block, &["File caf\\xe9 0"]);
    block[148..154].copy_from_slice(format!("{:06o}", sum - 1).as_bytes());
    let line = format!("! the checksum of a tar header is `{}`, its bytes give `{sum}`", sum - 1);
    check(&block, &[&line]);
}

/// An archive with everything that has a grammar of its own.
fn varied() -> Vec<u8> {
    TarBuilder::new()
        .named(b'0', &[b'n'; 120], b"", b"long")
        .records(b'x', &[("path", b"p"), ("size", b"3")])
        .file("a", b"abc")
        .raw(&gnu_sparse(&[(3, 2), (10, 1)], 12, b"abc").unfinished())
        .records(
            b'x',
            &[
                ("GNU.sparse.major", b"1"),
                ("GNU.sparse.minor", b"0"),
                ("GNU.sparse.realsize", b"9"),
            ],
        )
        .file("s", &[b"1\n2\n3\n".as_slice(), &[0; 506], b"xyz"].concat())
        .symlink("l", "t")
        .build()
}

#[test]
fn the_varied_archive_is_read() {
    let name = format!("File {} 4 long", "n".repeat(120));
    let expected = [
        &*name,
        "File p 3 abc",
        "File holes 12 [3]ab[5]c[1]",
        "File s 9 [2]xyz[4]",
        "Symlink l -> t",
    ];
    check(&varied(), &expected);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..2048)) {
        told(&bytes);
    }

    #[test]
    fn changed_archives_end_and_pieces_do_not_matter(
        changes in prop::collection::vec(
            (any::<prop::sample::Index>(), prop_oneof![any::<u8>(), Just(b'0'), Just(b'9'), Just(0x80)]),
            1..6,
        ),
        kinds in prop::collection::vec(
            (any::<prop::sample::Index>(), prop::sample::select(b"0125DLKSxgV\0".to_vec())),
            0..3,
        ),
        piece in 1_usize..700,
    ) {
        let mut archive = varied();
        for (place, byte) in changes {
            let place = place.index(archive.len());
            archive[place] = byte;
        }
        let blocks: Vec<_> = (0..archive.len() / 512)
            .filter(|block| archive[block * 512 + 257..].starts_with(b"ustar"))
            .collect();
        for (block, kind) in &kinds {
            archive[blocks[block.index(blocks.len())] * 512 + 156] = *kind;
        }
        for block in blocks {
            let header = &mut archive[block * 512..(block + 1) * 512];
            header[148..156].fill(b' ');
            let sum: u64 = header.iter().map(|byte| u64::from(*byte)).sum();
            header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        }
        prop_assert_eq!(told_in(&archive, piece), told(&archive));
    }
}
