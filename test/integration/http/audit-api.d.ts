export interface paths {
    "/audit/access": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Permissions of the reader, and the audited entities */
        get: operations["auditAccess_access"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Changes that have everything that is asked for */
        get: operations["auditChanges_changes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/revisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Revisions with a change that has everything that is asked for */
        get: operations["auditChanges_revisions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/revisions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everything that happened together */
        get: operations["auditRevisions_revision"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/revisions/{id}/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The changes of a revision, in the order of writing */
        get: operations["auditRevisions_changes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Changes as a file: NDJSON, whose last line is its manifest, or CSV */
        get: operations["auditExport_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/export/manifest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Contents of an export: count and SHA-256 */
        get: operations["auditExport_manifest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/activity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many changes there were, by day */
        get: operations["auditActivity_activity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many changes there were, by what they have in common */
        get: operations["auditCounts_counts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/coverage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Audited part of the database, and how one knows */
        get: operations["auditCoverage_coverage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Revisions as they are committed, as server-sent events */
        get: operations["auditEvents_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/checkpoint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The newest signed checkpoint of a sealed trail */
        get: operations["auditProofs_checkpoint"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/changes/{id}/proof": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Proof of a change by a checkpoint, as a file: a C2SP tlog-proof */
        get: operations["auditProofs_proof"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/changes/{id}/record": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The record that a proof is of: the row with its salts, for who sees all of it */
        get: operations["auditProofs_record"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/entities/{type}/{id}/restore-plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Plan to restore an entity */
        post: operations["auditRestore_planEntity"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/entities/{type}/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restores an entity */
        post: operations["auditRestore_restoreEntity"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/revisions/{id}/undo-plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Plan to undo a revision */
        post: operations["auditRestore_planUndo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/revisions/{id}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Undoes a revision */
        post: operations["auditRestore_undo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/entities/{type}/latest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The newest change of each entity, in the order of the ids; null where there is none */
        get: operations["auditEntityLatest_latest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/entities/{type}/states": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The entities that had some values: `where.status="open"`; or those of some ids, null where there was none */
        get: operations["auditEntityStates_states"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/entities/{type}/{id}/state": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** State of an entity at a point in time */
        get: operations["auditEntityStates_state"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/entities/{type}/{id}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Differences between two points in time */
        get: operations["auditEntityStates_diff"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/entities/{type}/{id}/blame": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who gave each property its present value, when and why */
        get: operations["auditEntityStates_blame"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/entities/{type}/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The changes of an entity */
        get: operations["auditEntityHistory_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/entities/{type}/{id}/history-with-parts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The changes of an entity and of everything that is part of it */
        get: operations["auditEntityHistory_historyWithParts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Who acts */
        AuditActor: {
            /** @enum {string} */
            type: "user" | "service" | "system" | "anonymous" | "unknown" | "database";
            id: string | null;
            label: string | null;
        };
        /** @description A property of a change; without `before` or `after` where it had none */
        AuditField: {
            path: string;
            /** @description JSON; times as ISO texts, bigints as texts, `{"$hidden":true}` where it is hidden, and JSON that looks so as `{"$object":[[key,value]]}` */
            before?: (string | null) | number | boolean | {
                [key: string]: unknown;
            } | unknown[];
            /** @description JSON; times as ISO texts, bigints as texts, `{"$hidden":true}` where it is hidden, and JSON that looks so as `{"$object":[[key,value]]}` */
            after?: (string | null) | number | boolean | {
                [key: string]: unknown;
            } | unknown[];
        };
        /** @description Who, when and why; the rest is there with `details=true` */
        AuditRevisionOfChange: {
            id: string;
            /** Format: date-time */
            recordedAt: string;
            actor: components["schemas"]["AuditActor"];
            onBehalfOf: components["schemas"]["AuditActor"] | (never | null);
            action: string | null;
            reason: string | null;
            restoredRevisionId: string | null;
            /** @enum {string} */
            outcome?: "success" | "failure" | "denied";
            authenticationMethod?: string | null;
            origin?: {
                [key: string]: unknown;
            } | null;
            correlationId?: string | null;
            traceId?: string | null;
            spanId?: string | null;
            metadata?: {
                [key: string]: unknown;
            } | null;
        };
        /** @description A revision with the numbers of its changes by entity */
        AuditRevisionSummary: {
            id: string;
            /** Format: date-time */
            recordedAt: string;
            actor: components["schemas"]["AuditActor"];
            onBehalfOf: components["schemas"]["AuditActor"] | (never | null);
            action: string | null;
            reason: string | null;
            restoredRevisionId: string | null;
            /** @enum {string} */
            outcome: "success" | "failure" | "denied";
            authenticationMethod: string | null;
            origin: {
                [key: string]: unknown;
            } | null;
            correlationId: string | null;
            traceId: string | null;
            spanId: string | null;
            metadata: {
                [key: string]: unknown;
            } | null;
            counts: {
                [key: string]: number;
            };
        };
        /** @description A published checkpoint: how many positions it covers */
        AuditCheckpoint: {
            size: number;
            /** Format: date-time */
            publishedAt: string;
        };
        /** @description How a change stands in the log of a sealed trail, and the first checkpoint that covers it */
        AuditSeal: {
            position: number | null;
            sealed: boolean;
            checkpoint: components["schemas"]["AuditCheckpoint"] | (never | null);
        };
        /** @description A revision with its first changes; its `seal` is that of its first row */
        AuditRevision: {
            id: string;
            /** Format: date-time */
            recordedAt: string;
            actor: components["schemas"]["AuditActor"];
            onBehalfOf: components["schemas"]["AuditActor"] | (never | null);
            action: string | null;
            reason: string | null;
            restoredRevisionId: string | null;
            /** @enum {string} */
            outcome: "success" | "failure" | "denied";
            authenticationMethod: string | null;
            origin: {
                [key: string]: unknown;
            } | null;
            correlationId: string | null;
            traceId: string | null;
            spanId: string | null;
            metadata: {
                [key: string]: unknown;
            } | null;
            seal?: components["schemas"]["AuditSeal"];
            changes: components["schemas"]["AuditChange"][];
            nextCursor: string | null;
        };
        /** @description A change of one entity; `seal` is there where the trail is sealed */
        AuditChange: {
            id: string;
            entityType: string;
            entityId: string;
            partOfType: string | null;
            partOfId: string | null;
            /** @enum {string} */
            operation: "create" | "update" | "delete" | "baseline";
            fields: components["schemas"]["AuditField"][];
            labels: {
                [key: string]: unknown;
            } | null;
            seal?: components["schemas"]["AuditSeal"];
        };
        /** @description A change with its revision */
        AuditChangeOfRevision: {
            id: string;
            entityType: string;
            entityId: string;
            partOfType: string | null;
            partOfId: string | null;
            /** @enum {string} */
            operation: "create" | "update" | "delete" | "baseline";
            fields: components["schemas"]["AuditField"][];
            labels: {
                [key: string]: unknown;
            } | null;
            revision: components["schemas"]["AuditRevisionOfChange"];
        };
        /** @description A page of changes with their revisions */
        AuditChangeOfRevisionPage: {
            items: components["schemas"]["AuditChangeOfRevision"][];
            nextCursor: string | null;
        };
        /** @description The newest change of each entity, in the order of the ids; null where there is none */
        AuditLatest: {
            items: (components["schemas"]["AuditChangeOfRevision"] | (never | null))[];
        };
        /** @description A page of changes */
        AuditChangePage: {
            items: components["schemas"]["AuditChange"][];
            nextCursor: string | null;
        };
        /** @description A page of revisions */
        AuditRevisionPage: {
            items: components["schemas"]["AuditRevisionSummary"][];
            nextCursor: string | null;
        };
        /** @description An entity that the reader may do something with */
        AuditEntityAccess: {
            type: string;
            perSchema: boolean;
            partOfType: string | null;
            permissions: {
                [key: string]: boolean;
            };
            properties: {
                [key: string]: unknown;
            }[];
        };
        /** @description Permissions of the reader */
        AuditAccess: {
            permissions: {
                [key: string]: boolean;
            };
            entities: components["schemas"]["AuditEntityAccess"][];
        };
        /** @description An entity as it was; null when it did not exist */
        AuditState: {
            state: {
                [key: string]: unknown;
            } | null;
        };
        /** @description A page of entities as they were */
        AuditStatePage: {
            items: ({
                [key: string]: unknown;
            } | null)[];
            nextCursor: string | null;
        };
        /** @description Differences */
        AuditDiff: {
            fields: components["schemas"]["AuditField"][];
        };
        /** @description Who gave a property its present value */
        AuditBlameProperty: {
            path: string;
            /** @description JSON; times as ISO texts, bigints as texts, `{"$hidden":true}` where it is hidden, and JSON that looks so as `{"$object":[[key,value]]}` */
            value: (string | null) | number | boolean | {
                [key: string]: unknown;
            } | unknown[];
            changeId: string | null;
            /** @enum {string|null} */
            operation: "create" | "update" | "delete" | "baseline" | null;
            revision: components["schemas"]["AuditRevisionOfChange"] | (never | null);
        };
        /** @description The present properties; null when the entity does not exist */
        AuditBlame: {
            properties: components["schemas"]["AuditBlameProperty"][] | null;
        };
        /** @description Changes of one day */
        AuditActivityDay: {
            day: string;
            total: number;
            byEntityType: {
                [key: string]: number;
            };
        };
        /** @description Changes by day, counted from a time on */
        AuditActivity: {
            days: components["schemas"]["AuditActivityDay"][];
            /** Format: date-time */
            countedFrom: string;
        };
        /** @description Changes that have in common what they are counted by */
        AuditCount: {
            actor?: components["schemas"]["AuditActor"];
            action?: string | null;
            entityType?: string;
            entityId?: string;
            changes: number;
            revisions: number;
        };
        /** @description The largest groups, and the numbers of all, counted from a time on */
        AuditCounts: {
            items: components["schemas"]["AuditCount"][];
            groups: number;
            changes: number;
            /** Format: date-time */
            countedFrom: string | null;
        };
        /** @description A property, and whether its values are in the trail */
        AuditPropertyFate: {
            path: string;
            /** @enum {string} */
            fate: "recorded" | "masked" | "ignored";
            /** @enum {string|null} */
            mask: "redact" | "last4" | "hash" | null;
        };
        /** @description An audited entity, and what happens to writes past the unit of work */
        AuditEntityCoverage: {
            entityType: string;
            name: string;
            instance: string;
            tableName: string;
            /** @enum {string} */
            otherWrites: "recorded" | "refused" | "warned" | "allowed" | "unnoticed";
            withoutTriggers: string | null;
            properties: components["schemas"]["AuditPropertyFate"][];
        };
        /** @description An entity in no policy */
        AuditUnauditedEntity: {
            name: string;
            instance: string;
            tableName: string;
        };
        /** @description Findings of the doctor */
        AuditDoctorFinding: {
            code: string;
            /** @enum {string} */
            severity: "error" | "warning" | "info";
            entityType: string | null;
            subject: string;
            message: string;
            remedy: string | null;
        };
        /** @description One go of the scheduled check through everything */
        AuditCheckRound: {
            /** Format: date-time */
            startedAt: string;
            /** Format: date-time */
            endedAt: string | null;
            entities: number;
            changes: number;
            rows: number;
            counts: {
                [key: string]: number;
            };
            entityTypes: {
                [key: string]: number;
            };
        };
        /** @description How the scheduled check of a trail stands */
        AuditCheckStatus: {
            instance: string;
            /** @enum {string} */
            verdict: "waiting" | "clean" | "found" | "failed" | "late";
            /** Format: date-time */
            beganAt: string | null;
            failure: string | null;
            round: components["schemas"]["AuditCheckRound"] | (never | null);
            lastRound: components["schemas"]["AuditCheckRound"] | (never | null);
        };
        /** @description How large a trail is, and how it grows; about */
        AuditTrailCoverage: {
            instance: string;
            rows: number;
            bytes: number;
            rowsPerDay: number | null;
            bytesPerDay: number | null;
        };
        /** @description Audited part of the database; null where a reader of some entities may not look */
        AuditCoverage: {
            entities: components["schemas"]["AuditEntityCoverage"][];
            unaudited: components["schemas"]["AuditUnauditedEntity"][] | null;
            findings: components["schemas"]["AuditDoctorFinding"][];
            checks: components["schemas"]["AuditCheckStatus"][] | null;
            trails: components["schemas"]["AuditTrailCoverage"][] | null;
        };
        /** @description Contents of an export */
        AuditExportManifest: {
            /** @enum {string} */
            format: "ndjson" | "csv";
            count: number;
            actions: number;
            truncated: boolean;
            sha256: string;
            query: {
                [key: string]: string[];
            };
            leftOut: ("entities" | "rows" | "values" | "actions" | "trail-reads")[];
            firstId: string | null;
            lastId: string | null;
            /** Format: date-time */
            exportedAt: string;
        };
        /** @description A property that a restore sets */
        AuditRestoreValue: {
            path: string;
            /** @description JSON; times as ISO texts, bigints as texts, `{"$hidden":true}` where it is hidden, and JSON that looks so as `{"$object":[[key,value]]}` */
            before?: (string | null) | number | boolean | {
                [key: string]: unknown;
            } | unknown[];
            /** @description JSON; times as ISO texts, bigints as texts, `{"$hidden":true}` where it is hidden, and JSON that looks so as `{"$object":[[key,value]]}` */
            after?: (string | null) | number | boolean | {
                [key: string]: unknown;
            } | unknown[];
            given?: boolean;
            labels: {
                [key: string]: string;
            };
        };
        /** @description Effect of a restore on one entity */
        AuditRestoreStep: {
            entityType: string;
            entityId: string;
            label: string | null;
            /** @enum {string} */
            operation: "create" | "update" | "delete" | "none";
            values: components["schemas"]["AuditRestoreValue"][];
        };
        /** @description Effects of a restore, and the token with which it is carried out */
        AuditRestorePlan: {
            request: {
                [key: string]: unknown;
            };
            restoredRevisionId: string | null;
            steps: components["schemas"]["AuditRestoreStep"][];
            conflicts: {
                [key: string]: unknown;
            }[];
            blocked: boolean;
            token: string;
        };
        /** @description Entity to restore; without `to` one that was deleted */
        AuditPlanRequest: {
            /** @description One of a time, a revision, and the state before a revision */
            to?: {
                /** Format: date-time */
                at?: string;
                revision?: string;
                beforeRevision?: string;
            };
            property?: string[];
            withChildren?: boolean;
            accept?: string[];
        };
        /** @description Kinds of conflicts that shall not block */
        AuditPlanRevisionRequest: {
            accept?: string[];
        };
        /** @description The token of a plan */
        AuditRestoreRequest: {
            token: string;
            reason?: string;
        };
        /** @description The revision of a restore; null when there was nothing to do */
        AuditRestored: {
            revisionId: string | null;
        };
        /** @description An error as RFC 9457 has it */
        AuditProblem: {
            type: string;
            title: string;
            status: number;
            detail: string;
            code: string;
            parameter?: string;
            conflicts?: {
                [key: string]: unknown;
            }[];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    auditAccess_access: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditAccess"];
                };
            };
            /** @description A parameter is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description Nobody is signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader may not */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description It took longer than it may */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader has too many of these already, or was refused too often */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
        };
    };
    auditChanges_changes: {
        parameters: {
            query?: {
                /** @description Name of an entity in the trail; several are any of them */
                entity?: string[];
                /** @description Id of an entity, once for each; needs one entity */
                id?: string[];
                /** @description Schema of a tenant, where each has its own */
                schema?: string;
                /** @description `type:id`, an entity with everything that is part of it */
                partOf?: string;
                /** @description `type:id`, either of which may be empty */
                actor?: string;
                /** @description `type:id`, either of which may be empty */
                onBehalfOf?: string;
                /** @description Business intent, such as `invoice.approve` */
                action?: string;
                /** @description Of this revision */
                revisionId?: string;
                /** @description Kind of change; several are any of them */
                operation?: ("create" | "update" | "delete" | "baseline")[];
                /** @description Path of a property that was changed; needs one entity */
                property?: string[];
                /** @description `path:from|to:eq|gt|gte|lt|lte|in|isNull:json`, such as `status:to:eq:"open"`; all must hold; needs one entity */
                value?: string[];
                /** @description Everything that one request or job caused */
                correlationId?: string;
                /** @description Recorded at this time or later */
                from?: string;
                /** @description Recorded before this time */
                until?: string;
                /** @description How the action ended */
                outcome?: "success" | "failure" | "denied";
                /** @description Revisions that bring this one back */
                restoredRevisionId?: string;
                /** @description Somewhere in a value or a label, in any case */
                text?: string;
                /** @description Items of a page */
                limit?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description By default the newest first */
                order?: "newest" | "oldest";
                /** @description Whether each revision is whole; else it says who, when and why */
                details?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditChangeOfRevisionPage"];
                };
            };
            /** @description A parameter is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description Nobody is signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader may not */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description It took longer than it may */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader has too many of these already, or was refused too often */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
        };
    };
    auditChanges_revisions: {
        parameters: {
            query?: {
                /** @description Name of an entity in the trail; several are any of them */
                entity?: string[];
                /** @description Id of an entity, once for each; needs one entity */
                id?: string[];
                /** @description Schema of a tenant, where each has its own */
                schema?: string;
                /** @description `type:id`, an entity with everything that is part of it */
                partOf?: string;
                /** @description `type:id`, either of which may be empty */
                actor?: string;
                /** @description `type:id`, either of which may be empty */
                onBehalfOf?: string;
                /** @description Business intent, such as `invoice.approve` */
                action?: string;
                /** @description Of this revision */
                revisionId?: string;
                /** @description Kind of change; several are any of them */
                operation?: ("create" | "update" | "delete" | "baseline")[];
                /** @description Path of a property that was changed; needs one entity */
                property?: string[];
                /** @description `path:from|to:eq|gt|gte|lt|lte|in|isNull:json`, such as `status:to:eq:"open"`; all must hold; needs one entity */
                value?: string[];
                /** @description Everything that one request or job caused */
                correlationId?: string;
                /** @description Recorded at this time or later */
                from?: string;
                /** @description Recorded before this time */
                until?: string;
                /** @description How the action ended */
                outcome?: "success" | "failure" | "denied";
                /** @description Revisions that bring this one back */
                restoredRevisionId?: string;
                /** @description Somewhere in a value or a label, in any case */
                text?: string;
                /** @description Items of a page */
                limit?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description By default the newest first */
                order?: "newest" | "oldest";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditRevisionPage"];
                };
            };
            /** @description A parameter is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description Nobody is signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader may not */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description It took longer than it may */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader has too many of these already, or was refused too often */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
        };
    };
    auditRevisions_revision: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of what one has */
                "if-none-match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditRevision"];
                };
            };
            /** @description It has not changed */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A parameter is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description Nobody is signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader may not */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description There is no such thing for the reader */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description It took longer than it may */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader has too many of these already, or was refused too often */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
        };
    };
    auditRevisions_changes: {
        parameters: {
            query?: {
                /** @description Items of a page */
                limit?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditChangePage"];
                };
            };
            /** @description A parameter is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description Nobody is signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader may not */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description There is no such thing for the reader */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description It took longer than it may */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader has too many of these already, or was refused too often */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
        };
    };
    auditExport_export: {
        parameters: {
            query?: {
                /** @description Name of an entity in the trail; several are any of them */
                entity?: string[];
                /** @description Id of an entity, once for each; needs one entity */
                id?: string[];
                /** @description Schema of a tenant, where each has its own */
                schema?: string;
                /** @description `type:id`, an entity with everything that is part of it */
                partOf?: string;
                /** @description `type:id`, either of which may be empty */
                actor?: string;
                /** @description `type:id`, either of which may be empty */
                onBehalfOf?: string;
                /** @description Business intent, such as `invoice.approve` */
                action?: string;
                /** @description Of this revision */
                revisionId?: string;
                /** @description Kind of change; several are any of them */
                operation?: ("create" | "update" | "delete" | "baseline")[];
                /** @description Path of a property that was changed; needs one entity */
                property?: string[];
                /** @description `path:from|to:eq|gt|gte|lt|lte|in|isNull:json`, such as `status:to:eq:"open"`; all must hold; needs one entity */
                value?: string[];
                /** @description Everything that one request or job caused */
                correlationId?: string;
                /** @description Recorded at this time or later */
                from?: string;
                /** @description Recorded before this time */
                until?: string;
                /** @description How the action ended */
                outcome?: "success" | "failure" | "denied";
                /** @description Revisions that bring this one back */
                restoredRevisionId?: string;
                /** @description Somewhere in a value or a label, in any case */
                text?: string;
                /** @description By default the newest first */
                order?: "newest" | "oldest";
                /** @description Of the file */
                format?: "ndjson" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                    "text/csv": string;
                };
            };
            /** @description A parameter is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description Nobody is signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader may not */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description It took longer than it may */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader has too many of these already, or was refused too often */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
        };
    };
    auditExport_manifest: {
        parameters: {
            query?: {
                /** @description Name of an entity in the trail; several are any of them */
                entity?: string[];
                /** @description Id of an entity, once for each; needs one entity */
                id?: string[];
                /** @description Schema of a tenant, where each has its own */
                schema?: string;
                /** @description `type:id`, an entity with everything that is part of it */
                partOf?: string;
                /** @description `type:id`, either of which may be empty */
                actor?: string;
                /** @description `type:id`, either of which may be empty */
                onBehalfOf?: string;
                /** @description Business intent, such as `invoice.approve` */
                action?: string;
                /** @description Of this revision */
                revisionId?: string;
                /** @description Kind of change; several are any of them */
                operation?: ("create" | "update" | "delete" | "baseline")[];
                /** @description Path of a property that was changed; needs one entity */
                property?: string[];
                /** @description `path:from|to:eq|gt|gte|lt|lte|in|isNull:json`, such as `status:to:eq:"open"`; all must hold; needs one entity */
                value?: string[];
                /** @description Everything that one request or job caused */
                correlationId?: string;
                /** @description Recorded at this time or later */
                from?: string;
                /** @description Recorded before this time */
                until?: string;
                /** @description How the action ended */
                outcome?: "success" | "failure" | "denied";
                /** @description Revisions that bring this one back */
                restoredRevisionId?: string;
                /** @description Somewhere in a value or a label, in any case */
                text?: string;
                /** @description By default the newest first */
                order?: "newest" | "oldest";
                /** @description Of the file */
                format?: "ndjson" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditExportManifest"];
                };
            };
            /** @description A parameter is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description Nobody is signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader may not */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description It took longer than it may */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader has too many of these already, or was refused too often */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
        };
    };
    auditActivity_activity: {
        parameters: {
            query?: {
                /** @description Name of an entity in the trail; several are any of them */
                entity?: string[];
                /** @description Id of an entity, once for each; needs one entity */
                id?: string[];
                /** @description Schema of a tenant, where each has its own */
                schema?: string;
                /** @description `type:id`, an entity with everything that is part of it */
                partOf?: string;
                /** @description `type:id`, either of which may be empty */
                actor?: string;
                /** @description `type:id`, either of which may be empty */
                onBehalfOf?: string;
                /** @description Business intent, such as `invoice.approve` */
                action?: string;
                /** @description Of this revision */
                revisionId?: string;
                /** @description Kind of change; several are any of them */
                operation?: ("create" | "update" | "delete" | "baseline")[];
                /** @description Path of a property that was changed; needs one entity */
                property?: string[];
                /** @description `path:from|to:eq|gt|gte|lt|lte|in|isNull:json`, such as `status:to:eq:"open"`; all must hold; needs one entity */
                value?: string[];
                /** @description Everything that one request or job caused */
                correlationId?: string;
                /** @description Recorded at this time or later */
                from?: string;
                /** @description Recorded before this time */
                until?: string;
                /** @description How the action ended */
                outcome?: "success" | "failure" | "denied";
                /** @description Revisions that bring this one back */
                restoredRevisionId?: string;
                /** @description Somewhere in a value or a label, in any case */
                text?: string;
                /** @description IANA name, whose days are counted */
                timeZone?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditActivity"];
                };
            };
            /** @description A parameter is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description Nobody is signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader may not */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description It took longer than it may */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader has too many of these already, or was refused too often */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
        };
    };
    auditCounts_counts: {
        parameters: {
            query?: {
                /** @description Name of an entity in the trail; several are any of them */
                entity?: string[];
                /** @description Id of an entity, once for each; needs one entity */
                id?: string[];
                /** @description Schema of a tenant, where each has its own */
                schema?: string;
                /** @description `type:id`, an entity with everything that is part of it */
                partOf?: string;
                /** @description `type:id`, either of which may be empty */
                actor?: string;
                /** @description `type:id`, either of which may be empty */
                onBehalfOf?: string;
                /** @description Business intent, such as `invoice.approve` */
                action?: string;
                /** @description Of this revision */
                revisionId?: string;
                /** @description Kind of change; several are any of them */
                operation?: ("create" | "update" | "delete" | "baseline")[];
                /** @description Path of a property that was changed; needs one entity */
                property?: string[];
                /** @description `path:from|to:eq|gt|gte|lt|lte|in|isNull:json`, such as `status:to:eq:"open"`; all must hold; needs one entity */
                value?: string[];
                /** @description Everything that one request or job caused */
                correlationId?: string;
                /** @description Recorded at this time or later */
                from?: string;
                /** @description Recorded before this time */
                until?: string;
                /** @description How the action ended */
                outcome?: "success" | "failure" | "denied";
                /** @description Revisions that bring this one back */
                restoredRevisionId?: string;
                /** @description Somewhere in a value or a label, in any case */
                text?: string;
                /** @description By what changes are counted */
                by?: "actor" | "action" | "entityType" | "entity";
                /** @description Items of a page */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditCounts"];
                };
            };
            /** @description A parameter is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description Nobody is signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader may not */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description It took longer than it may */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader has too many of these already, or was refused too often */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
        };
    };
    auditCoverage_coverage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditCoverage"];
                };
            };
            /** @description A parameter is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description Nobody is signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader may not */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description It took longer than it may */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader has too many of these already, or was refused too often */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
        };
    };
    auditEvents_events: {
        parameters: {
            query?: never;
            header?: {
                /** @description Id of the revision that was heard last */
                "last-event-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description A parameter is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description Nobody is signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader may not */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description It took longer than it may */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader has too many of these already, or was refused too often */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description No sequencer ever ran, so nothing has an order */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
        };
    };
    auditProofs_checkpoint: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description A parameter is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description Nobody is signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader may not */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description There is no such thing for the reader */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description It took longer than it may */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader has too many of these already, or was refused too often */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
        };
    };
    auditProofs_proof: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description A parameter is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description Nobody is signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader may not */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description There is no such thing for the reader */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The trail does not say, or something is in the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description It took longer than it may */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader has too many of these already, or was refused too often */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
        };
    };
    auditProofs_record: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                };
            };
            /** @description A parameter is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description Nobody is signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader may not */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description There is no such thing for the reader */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The trail does not say, or something is in the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description It took longer than it may */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader has too many of these already, or was refused too often */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
        };
    };
    auditRestore_planEntity: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                type: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AuditPlanRequest"];
            };
        };
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditRestorePlan"];
                };
            };
            /** @description A parameter is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description Nobody is signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader may not */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description There is no such thing for the reader */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The trail does not say, or something is in the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The body is no JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description It took longer than it may */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader has too many of these already, or was refused too often */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
        };
    };
    auditRestore_restoreEntity: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                type: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AuditRestoreRequest"];
            };
        };
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditRestored"];
                };
            };
            /** @description A parameter is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description Nobody is signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader may not */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description There is no such thing for the reader */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The trail does not say, or something is in the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The body is no JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description It took longer than it may */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader has too many of these already, or was refused too often */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
        };
    };
    auditRestore_planUndo: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AuditPlanRevisionRequest"];
            };
        };
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditRestorePlan"];
                };
            };
            /** @description A parameter is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description Nobody is signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader may not */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description There is no such thing for the reader */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The trail does not say, or something is in the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The body is no JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description It took longer than it may */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader has too many of these already, or was refused too often */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
        };
    };
    auditRestore_undo: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AuditRestoreRequest"];
            };
        };
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditRestored"];
                };
            };
            /** @description A parameter is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description Nobody is signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader may not */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description There is no such thing for the reader */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The trail does not say, or something is in the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The body is no JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description It took longer than it may */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader has too many of these already, or was refused too often */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
        };
    };
    auditEntityLatest_latest: {
        parameters: {
            query?: {
                /** @description Id of an entity, once for each; needs one entity */
                id?: string[];
                /** @description Whether each revision is whole; else it says who, when and why */
                details?: boolean;
            };
            header?: never;
            path: {
                type: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditLatest"];
                };
            };
            /** @description A parameter is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description Nobody is signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader may not */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description There is no such thing for the reader */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description It took longer than it may */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader has too many of these already, or was refused too often */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
        };
    };
    auditEntityStates_states: {
        parameters: {
            query?: {
                /** @description A time */
                at?: string;
                /** @description Id of a revision, instead of a time: the state after it */
                revision?: string;
                /** @description Members such as `where.status` with JSON, which the property must have had: `where.status="open"` */
                where?: {
                    [key: string]: string;
                };
                /** @description Id of an entity, once for each; needs one entity */
                id?: string[];
                /** @description Items of a page */
                limit?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
            };
            header?: never;
            path: {
                type: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditStatePage"];
                };
            };
            /** @description A parameter is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description Nobody is signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader may not */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description There is no such thing for the reader */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The trail does not say, or something is in the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description It took longer than it may */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader has too many of these already, or was refused too often */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
        };
    };
    auditEntityStates_state: {
        parameters: {
            query?: {
                /** @description A time */
                at?: string;
                /** @description Id of a revision, instead of a time: the state after it */
                revision?: string;
                /** @description Relations to look up, dotted paths with commas in between */
                populate?: string;
            };
            header?: never;
            path: {
                type: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditState"];
                };
            };
            /** @description A parameter is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description Nobody is signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader may not */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description There is no such thing for the reader */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The trail does not say, or something is in the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description It took longer than it may */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader has too many of these already, or was refused too often */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
        };
    };
    auditEntityStates_diff: {
        parameters: {
            query: {
                /** @description A time, or `revision:42` */
                from: string;
                /** @description A time, or `revision:42` */
                to: string;
            };
            header?: never;
            path: {
                type: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditDiff"];
                };
            };
            /** @description A parameter is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description Nobody is signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader may not */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description There is no such thing for the reader */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The trail does not say, or something is in the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description It took longer than it may */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader has too many of these already, or was refused too often */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
        };
    };
    auditEntityStates_blame: {
        parameters: {
            query?: {
                /** @description Whether each revision is whole; else it says who, when and why */
                details?: boolean;
            };
            header?: never;
            path: {
                type: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditBlame"];
                };
            };
            /** @description A parameter is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description Nobody is signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader may not */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description There is no such thing for the reader */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The trail does not say, or something is in the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description It took longer than it may */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader has too many of these already, or was refused too often */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
        };
    };
    auditEntityHistory_history: {
        parameters: {
            query?: {
                /** @description Items of a page */
                limit?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description By default the newest first */
                order?: "newest" | "oldest";
                /** @description Whether each revision is whole; else it says who, when and why */
                details?: boolean;
                /** @description Path of a property that was changed; needs one entity */
                property?: string[];
            };
            header?: never;
            path: {
                type: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditChangeOfRevisionPage"];
                };
            };
            /** @description A parameter is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description Nobody is signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader may not */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description There is no such thing for the reader */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description It took longer than it may */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader has too many of these already, or was refused too often */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
        };
    };
    auditEntityHistory_historyWithParts: {
        parameters: {
            query?: {
                /** @description Items of a page */
                limit?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description By default the newest first */
                order?: "newest" | "oldest";
                /** @description Whether each revision is whole; else it says who, when and why */
                details?: boolean;
            };
            header?: never;
            path: {
                type: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditChangeOfRevisionPage"];
                };
            };
            /** @description A parameter is invalid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description Nobody is signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader may not */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description There is no such thing for the reader */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description It took longer than it may */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
            /** @description The reader has too many of these already, or was refused too often */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AuditProblem"];
                };
            };
        };
    };
}
