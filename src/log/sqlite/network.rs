//! Whether a file lies on a network file system: there SQLite's write-ahead log, whose readers and writers share memory, does not work.

use std::path::{Path, PathBuf};

/// What Linux calls them.
const NETWORK: [&str; 18] = [
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "ncpfs",
    "afs",
    "ceph",
    "lustre",
    "gpfs",
    "davfs",
    "fuse.sshfs",
    "fuse.rclone",
    "fuse.davfs2",
    "fuse.s3fs",
    "fuse.gcsfuse",
    "fuse.glusterfs",
    "fuse.curlftpfs",
];

/// The network file system that a file lies on, or would; nothing where it is another, or the system does not tell.
pub(super) fn file_system(file: &Path) -> Option<String> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = folder.canonicalize().ok()?;
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").ok()?;
    let kind = kind_of(&mounts, &folder)?;
    NETWORK.contains(&kind).then(|| kind.to_owned())
}

/// What is mounted where a folder lies: of the mounts above it the nearest, and of several there the last.
fn kind_of<'m>(mounts: &'m str, folder: &Path) -> Option<&'m str> {
    let above = mounts.lines().filter_map(|line| {
        let (mount, kind) = line.split_once(" - ")?;
        let point = unescaped(mount.split(' ').nth(4)?);
        folder.starts_with(&point).then(|| (point.components().count(), kind.split(' ').next()))
    });
    // Of equals `max_by_key` gives the last.
    above.max_by_key(|(depth, _)| *depth)?.1
}

/// A path in which blanks, ends of lines and backslashes are written as three digits.
fn unescaped(text: &str) -> PathBuf {
    let escapes = [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")];
    escapes.iter().fold(text.to_owned(), |text, (escape, sign)| text.replace(escape, sign)).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
22 1 8:1 / / rw,relatime - ext4 /dev/root rw
40 22 0:50 / /srv/desk rw,relatime shared:9 - nfs4 server:/desk rw
41 40 0:51 / /srv/desk/own\\040disk rw master:1 shared:2 - xfs /dev/sdb rw
42 22 0:52 / /media rw - ext4 /dev/sdc rw
43 22 0:53 / /media rw - fuse.sshfs me@there: rw
";

    #[test]
    fn the_nearest_mount_above_a_folder_decides_and_the_last_of_several() {
        let kinds = ["/home/me", "/srv/desk", "/srv/desk/2024", "/srv/desktop", "/srv/desk/own disk/x", "/media/x"]
            .map(|folder| kind_of(MOUNTS, Path::new(folder)).expect("a mount"));
        assert_eq!(kinds, ["ext4", "nfs4", "nfs4", "ext4", "xfs", "fuse.sshfs"]);
        assert_eq!(kind_of("no mounts\n", Path::new("/")), None);
    }

    #[test]
    fn a_folder_of_this_machine_is_on_no_network() {
        assert_eq!(file_system(&std::env::temp_dir().join("talks.db")), None);
    }
}
