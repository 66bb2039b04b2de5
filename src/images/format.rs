//! Bytes → the format of a picture, by what is in them. The type that a server names does not
//! count: many send an error page of HTML as an image, or an image as text.
//!
//! Must not know: addresses, files.

use crate::digest::Digest;
use crate::phrase::{Phrase, phrase};
use crate::svg::{self, SvgMistake, SvgUse};

/// A format of pictures that all browsers show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureFormat {
    /// PNG (ISO/IEC 15948), animated or not.
    Png,
    /// JPEG (ITU-T T.81).
    Jpeg,
    /// GIF.
    Gif,
    /// WebP (RFC 9649).
    Webp,
    /// AVIF, which is a file of ISO/IEC 14496-12 with a brand of its own.
    Avif,
    /// SVG.
    Svg,
}

impl PictureFormat {
    const ALL: [Self; 6] = [Self::Png, Self::Jpeg, Self::Gif, Self::Webp, Self::Avif, Self::Svg];

    /// The format of a picture. An SVG counts if nothing in it could run.
    ///
    /// # Errors
    /// The reason why there is no picture that can be kept.
    pub fn of(bytes: &[u8]) -> Result<Self, Phrase> {
        let no_picture = || phrase!("the answer is no image");
        if let Some(format) = Self::begins(bytes) {
            // A beginning alone is no picture.
            let has_size = format == Self::Avif || imagesize::blob_size(bytes).is_ok();
            return if has_size { Ok(format) } else { Err(no_picture()) };
        }
        if !svg::may_be_one(bytes) {
            return Err(no_picture());
        }
        svg::check(bytes, SvgUse::OnSite).map(|()| Self::Svg).map_err(|mistake| {
            if mistake == SvgMistake::Active {
                phrase!("it is an SVG with scripts, links or parts from elsewhere")
            } else {
                phrase!("the answer is a broken SVG")
            }
        })
    }

    /// The format by the first bytes (WHATWG MIME Sniffing §6.1).
    fn begins(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Some(Self::Png),
            [0xFF, 0xD8, 0xFF, ..] => Some(Self::Jpeg),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Self::Gif),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::Webp),
            [_, _, _, _, b'f', b't', b'y', b'p', b'a', b'v', b'i', b'f' | b's', ..] => {
                Some(Self::Avif)
            }
            _ => None,
        }
    }

    /// The extension of its files.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Gif => "gif",
            Self::Webp => "webp",
            Self::Avif => "avif",
            Self::Svg => "svg",
        }
    }

    /// The name of a file with these bytes: the same bytes have the same name.
    #[must_use]
    pub fn name(self, bytes: &[u8]) -> String {
        format!("{}.{}", Digest::of(bytes), self.extension())
    }
}

/// True if a file may have got its name from [`PictureFormat::name`].
#[must_use]
pub fn is_own_name(name: &str) -> bool {
    name.split_once('.').is_some_and(|(digest, extension)| {
        Digest::parse(digest).is_some()
            && PictureFormat::ALL.iter().any(|format| format.extension() == extension)
    })
}

/// True if the name that a file got is that of an SVG.
#[must_use]
pub fn is_svg(name: &str) -> bool {
    let extension = name.split_once('.').map(|(_, extension)| extension);
    extension == Some(PictureFormat::Svg.extension())
}

/// True if these are the bytes that a file with this name had at first.
#[must_use]
pub fn are_of(bytes: &[u8], name: &str) -> bool {
    name.split_once('.').is_some_and(|(digest, _)| Digest::parse(digest) == Some(Digest::of(bytes)))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A PNG of some pixels, which differs with the number.
    pub(crate) fn png(number: u8) -> Vec<u8> {
        let mut bytes =
            b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x02\0\0\0\x03\x08\x02\0\0\0".to_vec();
        bytes.extend([number; 8]);
        bytes
    }

    #[test]
    fn formats_by_their_bytes() {
        let mut webp = b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f".to_vec();
        webp.extend([0; 16]);
        let jpeg = [
            &b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"[..],
            b"\xff\xc0\0\x11\x08\0\x01\0\x01\x03\x01\x11\0\x02\x11\0\x03\x11\0\xff\xd9",
        ]
        .concat();
        for (bytes, expected) in [
            (png(1), Some("png")),
            (jpeg, Some("jpg")),
            (b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(), Some("gif")),
            (webp, Some("webp")),
            (b"\0\0\0\x1cftypavif\0\0\0\0".to_vec(), Some("avif")),
            (
                b"\xef\xbb\xbf<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'/>"
                    .to_vec(),
                Some("svg"),
            ),
            (b"\x89PNG\r\n\x1a\n".to_vec(), None),
            (b"\xff\xd8\xff".to_vec(), None),
            (b"<!DOCTYPE html><html><svg></svg></html>".to_vec(), None),
            (b"<html>404</html>".to_vec(), None),
            (b"not found".to_vec(), None),
            (b"".to_vec(), None),
            (b"BM\0\0".to_vec(), None),
            (b"%PDF-1.7".to_vec(), None),
        ] {
            let found = PictureFormat::of(&bytes).ok().map(PictureFormat::extension);
            assert_eq!(found, expected, "{}", String::from_utf8_lossy(&bytes));
        }
    }

    #[test]
    fn names_are_of_the_bytes() {
        let name = PictureFormat::Png.name(&png(1));
        assert!(is_own_name(&name) && are_of(&png(1), &name) && !are_of(&png(2), &name));
        assert_ne!(name, PictureFormat::Png.name(&png(2)));
        for name in [
            "a.png",
            "../0123456789abcdef0123456789abcdef.png",
            "0123456789abcdef0123456789abcdef.md",
            "0123456789abcdef0123456789abcdef",
        ] {
            assert!(!is_own_name(name), "{name}");
        }
    }
}
