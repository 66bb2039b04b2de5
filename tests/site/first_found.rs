//! Common queries → the note that a reader expects first.

use std::path::Path;

use notes::lookup::SearchedNotes;

/// In the project's own notes.
const OWN: [(&str, &str); 10] = [
    ("事务 隔离", "数据库/事务与隔离.md"),
    ("隔离级别", "数据库/事务与隔离.md"),
    ("共识", "分布式系统/共识算法.md"),
    ("raft", "分布式系统/共识算法.md"),
    ("MAPREDUCE", "分布式计算/MapReduce 与批处理.md"),
    ("水位线", "分布式计算/流处理与时间.md"),
    ("lsm", "数据库/存储引擎.md"),
    ("索引", "数据库/索引.md"),
    ("kube 控制", "虚拟化与编排/Kubernetes 控制循环.md"),
    ("向量时钟", "分布式系统/时钟与顺序.md"),
];

/// In 《深入浅出分布式基础架构》, where it is at hand.
const SEED: [(&str, &str); 12] = [
    ("事务", "分布式系统/分布式事务/README.md"),
    ("MVCC", "数据库/MySQL/事务管理/MVCC.md"),
    ("epoll", "Linux 与操作系统/网络 IO/epoll.md"),
    ("mmap", "Linux 与操作系统/虚拟存储管理/mmap.md"),
    ("hiveql", "云计算与大数据/Hive/HiveQL.md"),
    ("分布式锁", "分布式系统/分布式锁/README.md"),
    ("握手过程", "网络/HTTPS/握手过程.md"),
    ("数据一致性模型", "分布式系统/分布式系统理论/数据一致性.md"),
    ("servicemesh", "虚拟化与编排/ServiceMesh/README.md"),
    ("Aurora", "数据库/NewSQL/Aurora.md"),
    ("Redis 集群", "数据库/Redis/集群/README.md"),
    ("区块链", "分布式系统/区块链/README.md"),
];

fn assert_first(folder: &Path, expected: &[(&str, &str)]) {
    let books = SearchedNotes::open(folder).unwrap();
    let first = |typed: &str| {
        books.look_up(typed, None).first().map(|found| found.file.clone()).unwrap_or_default()
    };
    let wrong: Vec<_> = expected.iter().filter(|(typed, file)| first(typed) != *file).collect();
    assert!(wrong.is_empty(), "not first: {wrong:#?}");
}

#[test]
fn the_expected_note_comes_first() {
    assert_first(&Path::new(env!("CARGO_MANIFEST_DIR")).join("content"), &OWN);
    let others = std::env::var_os("NOTES_AUDIT").unwrap_or_default();
    for folder in std::env::split_paths(&others) {
        if SEED.iter().all(|(_, file)| folder.join(file).is_file()) {
            assert_first(&folder, &SEED);
        }
    }
}
