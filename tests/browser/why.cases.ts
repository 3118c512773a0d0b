// Runs in which a rule is switched off, one for each protocol: what `consensus-playground hunt --protocol P --mutation M
// --seeds 0..100 --failures 1` found first. The sentences are the command's.

export interface Case {
  protocol: string;
  mutation: string;
  broken: string;
  sentence: string;
  link: string;
}

export const CASES: readonly Case[] = [
  {
    protocol: "raft",
    mutation: "vote-not-durable",
    broken: "votes-kept",
    sentence: "n5 votes for n1 and for n5 in term 1",
    link: [
      "#run=1.wp9Qg2ue9A1hUPUQDFRaE571dFWnC5wJBTAuMi4wwgzNl1sOwiAQRbc0D5iBxRg3YOKH_rp3tU2I7cAg0ab9JjnhToB7a",
      "K_AQdRvB-twzAmr1gGOdPDUe68v4Ln45l-j_L712-V6b278o7DNN7VZ2RQDZVod0KRDVbeNhpGOiUyWmsmUOyiaEHAVNAhtkHQPY",
      "ys5CULmt1svgiIyfP3QzQi1CHQRZBDJIshFsEFki2AXERcI0cjRIkLn8UYDqQxUBhpghlRGmjoQNhA71AAdyDST0-MJ",
    ].join(""),
  },
  {
    protocol: "paxos",
    mutation: "promise-without-accepted",
    broken: "acceptances-reported",
    sentence: "n5 promises 2.n1 and reports nothing, though it has accepted 1.n3 2",
    link: [
      "#run=1.gRkzpVp7LToz6y_X5uxdOHfa3DdVUAUwLjIuMI0H1ZfNCoAgDMefKOg7e5iQkKAgKEjoEL5705ipaF081NWxuSn77zfLc",
      "gERmtIAHcM54D61zg5ZFAqEOfuFem-0FLd0IIDDD7h-2lT6HDFq5b9PfADcfw9KmZrVsLZSzchRa4mQ-zYvPJi5QRm4d-4THyHtp",
      "GdsWKX-B3mjbhvi9JaEt4d-NlUpK0lVu-75S1urAJ04AQ",
    ].join(""),
  },
  {
    protocol: "multi-paxos",
    mutation: "promise-ignored",
    broken: "promises-kept",
    sentence: "n3 accepts in 2.n5, though it has promised 6.n3",
    link: [
      "#run=1.wZbl1GyMwDqKNlbCcwhZiu4ySWqEBIEEBTAuMi4wmhTNl9FOBCEMRX-JtrSUjzE-aGJ88QeM_y6Dzu5AocPGNfq6hHt24",
      "Pa2NCvHl8pkNC6VX2b9x-a39-2LLqMeX-NhH7LL33aXyV-O_jI7y_9mgP2LAfAXhqemge9PuteXt5IWz_MOjooCqfOr4m0NiaYNi",
      "TKLyH47oKltSpWuPZ1W6Hgneu7pcYUe70PfzN3SeYXOP6fHBDnEjg4Yl6J6EMUMqNLfJBDMMhmClILqjYdR3HQ-jpMQcghkFFhPc",
      "rrRKAcTjAFR8tIxuL0JiGkgnXF6InVDNhvIb7vHhlUljKcwR18CjQQYCfYlyEigkZD1-eFLgoxE8iWaq2VhkN4e1Ja3bzBOmpIaB",
      "bEl-v2Im6SDfeLF4SOsI2dDTqfky-xYLTkgb-F6RtZgyHpGfrqSYfLNsEAGQ87r5FqLAzKenHbSgVMihWml1g1qNsAtyaPFzbl3e",
      "GzTy9iz1sjDxyc",
    ].join(""),
  },
  {
    protocol: "viewstamped",
    mutation: "own-log-kept",
    broken: "latest-log-taken",
    sentence: "n3 begins view 2 with a log up to operation 18, which differs at operation 19, though n4 reports a log of view 0 up to operation 19",
    link: [
      "#run=1.hn6YlPjHGOzmTWlLWpffjicaI4CWA5YDBTAuMi4wiRHdmNtuwyAMht-lTxBsDORhpmgHpE07NNKq9WLqu8-ENQVTqqC2U",
      "tWrKCEYG8zPZ7KWnze_5SE_x4nv4w-6wsgsAQz9Q_btN4S2l4mM93bTtM8qBgcJ2YM4r0S1p6430dyE0ubNwOtdwN9UxQ4zMl80l",
      "vNd__5YbyqOp0nN7oXX4fn1kWvoRT7HqlY4zHHHTZEw67hmfBHOpg0NM51AUiisQ6X_7sdNHZEsImknBAEsNrHFdcARG8nR0TF0n",
      "EXP9gAGRaTYqUXqH9Q9Kj6VOt_3hpyVllELRf5XzfikQ3fVKbTGyP4aipNgeOKV8P4rR1je0SFP-GXLdyd-YDQIF0gvq3QI0BqhG",
      "EIvDj4SEmRxq44s54-0GuqPE0cYrKQFXVhQtbOSOzgs55rgCvmqXGuhhm0Ji_ZkwipFrrPFoplb2JuXKOqSQC05KLLA9EuQ5mH3B",
      "w",
    ].join(""),
  },
  {
    protocol: "pbft",
    mutation: "certificates-dropped",
    broken: "votes-kept",
    sentence: "n3 hides in its view-change to view 1 that number 1 was prepared, which it had committed in view 0",
    link: [
      "#run=1.rkkb4WkxS4LHxD7eDxQoxfqtQw7dB7MDBTAuMi4w3AnNl-EOgiAUhZ-oDS4i8jStKVkbG07wZ-_e5VYWTN1cOfvNxuXoO",
      "ZyPZIWeJK8V9ifotwN1LJATn6QOtgAdgnoPn4DHkTd_KuX7o3vrwuzBPwq7NpiqM_WeP8Ry7dAns7XNM3-qJBLO2qExT__VONbQC",
      "ApoDODb5gAKtMw2A6jS7fp-6EKaMRSGMoNpHw0XP8zFOTKzP8Wbtrm2mLDkigVZgIZ8mJCrSnobgAS1DsF0OcVgo9JSVZzl_0joY",
      "gOle7DmDavpDg",
    ].join(""),
  },
  {
    protocol: "tendermint",
    mutation: "lock-forgotten",
    broken: "locks-respected",
    sentence: "n4 precommitted fbcb at height 6, round 0, and prevotes 83c3 in round 1 without a later polka",
    link: [
      "#run=1.2VaPHMMe5ezp7Y7EeWJzYJDMstv_BoAFBTAuMi4wyQ3Vl9EKwjAMRX_JJG3SfoyIoPgynMyJT_673cTZNusoMhBf2-4ko",
      "-m9SbITTSfv_cFPf90H_33fQaP1hSlwN7Wcq_7LCrlfm7YvZh6ZdtOGcTGMfKc29OHnsmmDIQbIShTBVcsCiBBTDrBSpXp20ihIV",
      "M8W1PCzToV1k2idETQ-T47Y1msQTZIDWnLCtQqzwvsqvJmgmEJJkPMbIfHf5Dwjk7xxGm-G6pzXSwbvBNV5qE4niy9ujmexFN95k",
      "DG75LyjpL7arrtd-lS6w1sJT6c_ngazPnT7e9yweBGHNqNaI6UsQj_nEUz-QVpJ2gZjA3khVMyxfhYQqBCsELKMIIUQhXD1fl5C-",
      "GXE2LVtH08",
    ].join(""),
  },
];
