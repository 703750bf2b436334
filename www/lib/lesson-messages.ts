// Made from the lab's types by `cargo run -p farthing-lab --features typescript --example
// lesson-types`: do not edit.

/** A block that was found. */
export type BlockSeen = {
    /** Its number, in the order of finding; 0 is the one that all began with. */
    id: number,
    /** What it builds on; none: that is not shown. */
    parent: number | null,
    /** Its height. */
    height: number,
    /** The node that found it. */
    by: number,
    /** When. */
    at: number,
    /** Whether it is on the best chain of all. */
    best: boolean,
    /** Who has it: bit i for node i. */
    holders: number,
};

/** One race. */
export type Contest = {
    /** Blocks of the honest chain since the fork. */
    honest: number,
    /** Blocks of the attacker's branch. */
    attacker: number,
    /** After which block of the race the goods were handed over. */
    handedOver: number | null,
    /** How it ended, if it did. */
    outcome: Outcome | null,
    /** By how many blocks the honest chain leads: after block `lead_from`, and each after it. */
    lead: Array<number>,
    /** 0, unless the race is too long to be kept whole. */
    leadFrom: number,
};

/** How often a node's history was rewritten so deep. */
export type Depth = {
    /** Blocks that left the node's chain. */
    blocks: number,
    /** Times, over all nodes. */
    times: number,
};

/** Where a run is to go. */
export type Goal =
  | { type: "to",
    /** Blocks (chapter 11), seconds (chapter 10). */
    position: number, }
  | { type: "here" } | { type: "next" } | { type: "back" };

/** What the page asks. */
export type LessonCommand =
  | { type: "open",
    /** What it is a function of. */
    setup: Setup, }
  | { type: "go",
    /** None: on towards the last one. */
    goal: Goal | null,
};

/** How a run stands. */
export type LessonView = {
    /** Where it is: blocks (chapter 11), seconds (chapter 10). */
    position: number,
    /** Where it ends. */
    end: number,
    /** Whether it has reached its goal. */
    arrived: boolean,
    /** A hash over all that happened. */
    trace: string,
    /** What is to be drawn and measured. */
    scene: Scene,
};

/** What a run is a function of. Times are seconds of the lesson. */
export type NetworkSetup = {
    /** The same seed, the same run. */
    seed: number,
    /** Nodes, each of them a miner with the same power. */
    nodes: number,
    /** From finding a block until another node has it. */
    delay: number,
    /** Mean time between two blocks of all miners together. */
    spacing: number,
    /** When the network is cut in two; none: never. */
    cut: number | null,
    /** When it is whole again; none: never. */
    heal: number | null,
};

/** How the network stands. */
export type NetworkView = {
    /** Blocks that were found. */
    found: number,
    /** Blocks of the best chain. */
    height: number,
    /** Blocks that are not on it. */
    stale: number,
    /** Their share; none before the first block. */
    staleRate: number | null,
    /** Where the true share lies in 95 of 100 such runs. */
    low: number,
    /** Its other end. */
    high: number,
    /** (1 - 1/n) d / (T + d). */
    formula: number,
    /**
     * The mean time until a node moved on to another's block; none before the first came. What a cut
     * held up is left out.
     */
    delay: number | null,
    /** The share of the time in which all nodes had the same tip. */
    agreed: number,
    /** Different tips now. */
    tips: number,
    /** Whether the network is cut now. */
    cut: boolean,
    /** How deep histories were rewritten. */
    depths: Array<Depth>,
    /** The nodes. */
    nodes: Array<NodeSeen>,
    /** The newest blocks. */
    blocks: Array<BlockSeen>,
};

/** A node. */
export type NodeSeen = {
    /** The block that it takes for the newest. */
    tip: number,
    /** That block's height. */
    height: number,
    /** Blocks that it found. */
    found: number,
    /** How often its history was rewritten. */
    reorganised: number,
    /** The deepest of these, in blocks. */
    deepest: number,
    /** The side that it is on while the network is cut. */
    side: number,
};

/** The odds at one depth. */
export type Odds = {
    /** Honest blocks that are waited for. */
    depth: number,
    /** Rosenfeld's exact form. */
    exact: number,
    /** The Bitcoin paper's, for the same race. */
    paper: number,
};

/** How a race ended. */
export type Outcome = "won" | "lost" | "undecided";

/** What a run of races is a function of. */
export type RaceSetup = {
    /** The same seed, the same races. */
    seed: number,
    /** The attacker's share of all hash power, in per cent. */
    share: number,
    /** Honest blocks that the merchant waits for, the payment's own among them. */
    depth: number,
};

/** A run of races. */
export type RaceView = {
    /** Races that are over. */
    races: number,
    /** Of these, won by the attacker. */
    won: number,
    /** Of these, without an end. */
    undecided: number,
    /** The share that was won; none before the first race is over. */
    rate: number | null,
    /** Where the true share lies in 95 of 100 such runs (Wilson's interval). */
    low: number,
    /** Its other end. */
    high: number,
    /** The odds for the depth of this run. */
    odds: Odds,
    /** The odds for every depth, for the curve. */
    curve: Array<Odds>,
    /** The race that is on, or the last one. */
    contest: Contest,
};

/** What is to be drawn and measured. */
export type Scene =
  | { type: "race" } & RaceView | { type: "network" } & NetworkView;

/** What a run is a function of. */
export type Setup =
  | { type: "race" } & RaceSetup | { type: "network" } & NetworkSetup;

/** From where to where each control goes. */
export const LIMITS = {"share":{"least":1.0,"most":60.0},"depth":{"least":1.0,"most":50.0},"raceEnd":{"least":0.0,"most":200000000.0},"nodes":{"least":2.0,"most":32.0},"delay":{"least":0.0,"most":120.0},"spacing":{"least":60.0,"most":1800.0},"networkEnd":{"least":0.0,"most":6000000.0}} as const;

/** The Bitcoin paper's tables (section 11): depth and odds, by share in per cent. */
export const PAPER = [{"share":10,"odds":[[0,1.0],[1,0.2045873],[2,0.0509779],[3,0.0131722],[4,0.0034552],[5,0.0009137],[6,0.0002428],[7,0.0000647],[8,0.0000173],[9,4.6e-6],[10,1.2e-6]]},{"share":30,"odds":[[0,1.0],[5,0.1773523],[10,0.0416605],[15,0.0101008],[20,0.0024804],[25,0.0006132],[30,0.0001522],[35,0.0000379],[40,9.5e-6],[45,2.4e-6],[50,6e-7]]}] as const;

/** The same: the depth at which the odds fall below a thousandth, by share in per cent. */
export const PAPER_THOUSANDTH = [[10,5],[15,8],[20,11],[25,15],[30,24],[35,41],[40,89],[45,340]] as const;

/** What Decker and Wattenhofer measured in 2013: seconds, seconds, and a share of all blocks. */
export const PUBLISHED = {"delay":12.6,"spacing":600.0,"stale":0.0169} as const;
