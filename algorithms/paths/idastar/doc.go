// Package idastar is iterative-deepening A* (Korf 1985): depth-first searches up to a
// growing limit on cost, for proofs in little memory.
//
//	rearrange solve --algorithm 'idastar(memory=64)' instance.json
package idastar
