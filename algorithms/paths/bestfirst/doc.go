// Package bestfirst holds the algorithms that are best-first search with one order of
// expansion or another: Dijkstra's algorithm, A* with or without a weight, greedy
// best-first search, and anytime repairing A*. The search itself is space.BestFirst.
package bestfirst
