// Package lost puts in words what an export loses, where formats have that in common.
package lost
