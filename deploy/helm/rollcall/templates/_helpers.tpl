{{- define "rollcall.name" -}}
{{ default .Release.Name .Values.nameOverride | trunc 50 | trimSuffix "-" }}
{{- end }}

{{- define "rollcall.labels" -}}
{{ include "rollcall.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{- define "rollcall.selector" -}}
app.kubernetes.io/name: rollcall
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "rollcall.serviceAccount" -}}
{{ default (ternary (include "rollcall.name" .) "default" .Values.serviceAccount.create) .Values.serviceAccount.name }}
{{- end }}

{{- define "rollcall.podMetadata" -}}
labels:
  {{- include "rollcall.labels" . | nindent 2 }}
  {{- with .root.Values.podLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with .root.Values.podAnnotations }}
annotations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* Settings of all pods. Service links would set ROLLCALL_PORT, an option of the program, to tcp://…. */}}
{{- define "rollcall.pod" -}}
serviceAccountName: {{ include "rollcall.serviceAccount" .root }}
automountServiceAccountToken: false
enableServiceLinks: false
terminationGracePeriodSeconds: 30
securityContext:
  runAsNonRoot: true
  runAsUser: 1000
  runAsGroup: 1000
  fsGroup: 1000
  seccompProfile: { type: RuntimeDefault }
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "rollcall.image" -}}
image: {{ printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
{{- end }}

{{- define "rollcall.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end }}

{{- define "rollcall.storeEnv" -}}
# The URL contains the password, so it is in a file.
- { name: ROLLCALL_STORE, value: '' }
- { name: ROLLCALL_STORE_FILE, value: /run/secrets/rollcall/store }
{{- end }}

{{/* The URL of the store, as a source of the volume of secrets. */}}
{{- define "rollcall.storeSource" -}}
- secret:
    name: {{ .Values.store.existingSecret }}
    items:
      - { key: {{ .Values.store.key }}, path: store }
{{- end }}

{{- define "rollcall.secretSource" -}}
- secret:
    name: {{ .secret }}
    items:
      - { key: {{ .key }}, path: {{ .path }} }
{{- end }}

{{- define "rollcall.mounts" -}}
- { name: secrets, mountPath: /run/secrets/rollcall, readOnly: true }
- { name: tmp, mountPath: /tmp }
{{- end }}

{{- define "rollcall.tmpVolume" -}}
- { name: tmp, emptyDir: { medium: Memory, sizeLimit: 16Mi } }
{{- end }}

{{- define "rollcall.probes" -}}
startupProbe:
  httpGet: { path: /healthz, port: health }
  periodSeconds: 2
  failureThreshold: 30
livenessProbe:
  httpGet: { path: /healthz, port: health }
  periodSeconds: 10
  timeoutSeconds: 5
readinessProbe:
  httpGet: { path: /readyz, port: health }
  periodSeconds: 10
  timeoutSeconds: 5
{{- end }}

{{- define "rollcall.publicUrl" -}}
{{- if .Values.publicUrl }}{{ .Values.publicUrl }}
{{- else if .Values.ingress.enabled }}https://{{ .Values.ingress.host }}
{{- end }}
{{- end }}
