// The elements that the protocols' boards are made of. Apart from their looks, which the engine's records ask for too.

import "./multi_paxos/slots.js";
import "./paxos/acceptors.js";
import "./pbft/board.js";
import "./tendermint/board.js";
import "./raft/logs.js";
